-- Neovim as a user drives it: open, see, act, undo, edit. The file init.lua in the working
-- directory is what docs/editor.md says; keepatch is the program on the PATH. Each step prints
-- a line; a step that does not come about ends with 1.
local function die(what)
  io.stdout:write('failed: ' .. what .. '\n')
  vim.cmd('cquit 1')
end

local function wait(what, cond)
  if not vim.wait(20000, cond, 10) then
    die(what)
  end
  io.stdout:write(what .. '\n')
end

vim.o.swapfile = false
dofile('init.lua')
vim.cmd('edit net.c')
local buf = vim.api.nvim_get_current_buf()
local function count()
  return #vim.diagnostic.get(buf)
end
local function text()
  return table.concat(vim.api.nvim_buf_get_lines(buf, 0, -1, false), '\n')
end

wait('open: 1 finding', function() return count() == 1 end)
local d = vim.diagnostic.get(buf)[1]
io.stdout:write(string.format('%d:%d %s [%s] %s\n', d.lnum + 1, d.col + 1, d.message, d.user_data.lsp.code, d.source))
local line = vim.api.nvim_buf_get_lines(buf, d.lnum, d.lnum + 1, false)[1]
io.stdout:write(line:sub(d.col + 1, d.end_col) .. '\n')

local client = (vim.lsp.get_clients or vim.lsp.get_active_clients)({ bufnr = buf })[1]
local function actions()
  local params = {
    textDocument = vim.lsp.util.make_text_document_params(buf),
    range = { start = { line = d.lnum, character = 0 }, ['end'] = { line = d.lnum, character = 0 } },
    context = { diagnostics = {} },
  }
  return client.request_sync('textDocument/codeAction', params, 20000, buf).result
end
local function act(title)
  for _, a in ipairs(actions()) do
    if a.title:find(title, 1, true) == 1 then
      vim.lsp.util.apply_workspace_edit(a.edit, client.offset_encoding)
      return
    end
  end
  die('action ' .. title)
end

-- The evidence is a document, or a message where Neovim is old, which shows a tab as ^I.
local function explained()
  local said = vim.fn.execute('messages')
  for _, b in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_get_name(b):find('keepatch-explain', 1, true) then
      said = said .. table.concat(vim.api.nvim_buf_get_lines(b, 0, -1, false), '\n')
    end
  end
  if said:find('^I', 1, true) or said:find('\t', 1, true) then
    die('tabs in ' .. said)
  end
  return said:find('        fd = socket', 1, true) and said:find('Evidence', 1, true)
end
for _, a in ipairs(actions()) do
  if a.title:find('Explain', 1, true) == 1 then
    client.request('workspace/executeCommand', a.command, function() end, buf)
  end
end
wait('explained', explained)
vim.cmd('buffer ' .. buf)

local before = text()
act('Insert SO_KEEPALIVE')
wait('action: 0 findings', function() return count() == 0 end)
if not text():find('SO_KEEPALIVE', 1, true) then
  die('the block')
end
vim.cmd('silent undo')
wait('undo: 1 finding', function() return count() == 1 end)
if text() ~= before then
  die('undo leaves ' .. text())
end
act('Ignore')
wait('ignored without a reason: 2 findings', function() return count() == 2 end)
vim.cmd([[silent %s/keepatch:ignore \zs/why/]])
wait('ignored: 0 findings', function() return count() == 0 end)
vim.cmd('silent undo')
vim.cmd('silent undo')
wait('undo: 1 finding', function() return count() == 1 end)

vim.api.nvim_win_set_cursor(0, { d.lnum + 1, d.col })
local hover = client.request_sync('textDocument/hover', vim.lsp.util.make_position_params(0, client.offset_encoding), 20000, buf)
io.stdout:write((hover.result.contents.value:gsub('\n.*', '')) .. '\n')

vim.api.nvim_buf_set_lines(buf, d.lnum, d.lnum, false, { '\t/* \u{e9}\u{1F600} */' })
wait('edit: the finding moves', function()
  local l = vim.diagnostic.get(buf)
  return #l == 1 and l[1].lnum == d.lnum + 1
end)
vim.api.nvim_buf_set_lines(buf, d.lnum + 1, d.lnum + 2, false, {})
wait('edit: 0 findings', function() return count() == 0 end)
vim.lsp.stop_client(client.id)
wait('stopped', function() return client.is_stopped() end)
vim.cmd('qall!')
