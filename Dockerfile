# A static binary and nothing else.
#
#   docker build -t keepatch .
#   docker run --rm -v "$PWD:/src" keepatch check
FROM golang:1.26 AS build
WORKDIR /build
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /keepatch .

FROM scratch
COPY --from=build /keepatch /keepatch
WORKDIR /src
ENTRYPOINT ["/keepatch"]
