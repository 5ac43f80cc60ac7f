# keepatch and git, which check --diff asks for what changed.
#
#   docker build -t keepatch .
#   docker run --rm -v "$PWD:/src" keepatch check --diff HEAD
#
# git comes from Alpine rather than as a library in the binary: it reads every kind of repository
# (partial clones, worktrees, SHA-256), and keepatch uses the git that is there everywhere else.
FROM alpine:3.22 AS base
# The mounted tree belongs to another user, which git refuses unless told otherwise.
RUN apk add --no-cache git && git config --system --add safe.directory '*'
WORKDIR /src
ENTRYPOINT ["keepatch"]

# The image of a release, from the binaries that goreleaser has built.
FROM base AS release
ARG TARGETPLATFORM
COPY $TARGETPLATFORM/keepatch /usr/bin/keepatch

FROM golang:1.26 AS build
WORKDIR /build
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -tags urfave_cli_no_docs -ldflags="-s -w" -o /keepatch .

FROM base
COPY --from=build /keepatch /usr/bin/keepatch
