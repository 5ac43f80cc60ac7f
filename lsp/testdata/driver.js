// An extension that drives VS Code as a user does: open, see, act, undo, edit. Each step is a
// line in the file "log" of the folder, the last one "stopped" or "failed: ...".
const vscode = require('vscode'), fs = require('fs'), path = require('path');
exports.activate = async () => {
  const root = vscode.workspace.workspaceFolders[0].uri.fsPath;
  const say = line => fs.appendFileSync(path.join(root, 'log'), line + '\n');
  const pause = ms => new Promise(done => setTimeout(done, ms));
  const wait = async (what, cond) => {
    for (let i = 0; !(await cond()); i++) {
      if (i > 600) throw what;
      await pause(50);
    }
    say(what);
  };
  try {
    const doc = await vscode.workspace.openTextDocument(path.join(root, 'net.c'));
    let editor = await vscode.window.showTextDocument(doc);
    const list = () => vscode.languages.getDiagnostics(doc.uri);
    const count = n => () => list().length === n;
    const act = async title => {
      const all = await vscode.commands.executeCommand('vscode.executeCodeActionProvider', doc.uri, list()[0].range);
      const a = all.find(a => a.title.startsWith(title));
      if (!a) throw 'action ' + title;
      if (a.edit) await vscode.workspace.applyEdit(a.edit);
      return a;
    };
    await wait('open: 1 finding', count(1));
    const d = list()[0];
    say(`${d.range.start.line + 1}:${d.range.start.character + 1} ${d.message} [${d.code.value}] ${d.source}`);
    say(doc.getText(d.range));
    say(d.relatedInformation.map(r => r.location.range.start.line + 1).join(' '));
    const hover = await vscode.commands.executeCommand('vscode.executeHoverProvider', doc.uri, d.range.start);
    say(hover[0].contents[0].value.split('\n')[0]);
    const before = doc.getText();
    await act('Insert SO_KEEPALIVE');
    await wait('action: 0 findings', count(0));
    if (!doc.getText().includes('SO_KEEPALIVE')) throw 'the block';
    await vscode.commands.executeCommand('undo');
    await wait('undo: 1 finding', count(1));
    if (doc.getText() !== before) throw 'undo leaves ' + doc.getText();
    await act('Ignore');
    await wait('ignored without a reason: 2 findings', count(2));
    const gap = doc.getText().indexOf('keepatch:ignore ') + 'keepatch:ignore '.length;
    await editor.edit(e => e.insert(doc.positionAt(gap), 'why'));
    await wait('ignored: 0 findings', count(0));
    await vscode.commands.executeCommand('undo');
    await vscode.commands.executeCommand('undo');
    await wait('undo: 1 finding', count(1));
    const why = await act('Explain');
    const text = await vscode.commands.executeCommand(why.command.command, ...why.command.arguments);
    say(text.split('\n')[0]);
    await wait('shown: the explanation', () => vscode.workspace.textDocuments.some(t => t.getText() === text));
    editor = await vscode.window.showTextDocument(doc);
    const at = list()[0].range.start;
    await editor.edit(e => e.insert(at.with({character: 1}), '/* \u00e9\u{1F600} */ '));
    await wait('edit: the finding moves', () => list().length === 1 && list()[0].range.start.character === at.character + 10 && doc.getText(list()[0].range) === 'socket');
    await editor.edit(e => e.delete(doc.lineAt(at.line).range));
    await wait('edit: 0 findings', count(0));
    say('stopped');
  } catch (e) {
    say('failed: ' + (e.stack || e));
  }
};
