"""`codelog serve`: the scribe terminal in a browser."""

from __future__ import annotations

import os
import stat

import click

from codelog.cli.common import out, protocol_named, read_file, say, writing

LOOPBACK = "127.0.0.1"


@click.command(short_help="The scribe terminal in a browser, on this machine.")
@click.option(
    "--host",
    metavar="H",
    default=LOOPBACK,
    show_default=True,
    help="The address to listen on. Any but loopback needs --token-file or --token.",
)
@click.option(
    "--port",
    metavar="N",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="0: any free one.",
)
@click.option(
    "--token-file", metavar="F", help="A file that holds the token, which every request must carry."
)
@click.option(
    "--token", "make_token", is_flag=True, help="Make a token and print it; on loopback always done."
)
@click.option(
    "--protocol",
    metavar="P",
    help="For cases opened there: a shipped protocol's id or a file; otherwise gomella.",
)
@click.pass_obj
def serve(
    location: str | None,
    host: str,
    port: int,
    token_file: str | None,
    make_token: bool,
    protocol: str | None,
) -> int:
    """Show the scribe terminal in a browser, to whoever has the address that is printed. Ctrl+C ends it.

    Every tab is a terminal of its own on the same store. When a tab is closed, what was entered is saved, and the
    case can be gone on with.
    """
    try:
        from codelog.terminal.serve import gate
        from codelog.terminal.serve.server import CannotListen, TerminalServer
    except ModuleNotFoundError as missing:
        if missing.name is not None and missing.name.partition(".")[0] == "codelog":
            raise
        raise click.UsageError('serve needs the extra of this name: pip install "codelog[serve]"') from None
    if token_file is not None and make_token:
        raise click.UsageError("--token-file gives a token and --token makes one; leave one of them out")
    if not (gate.on_loopback(host) or token_file or make_token):
        raise click.UsageError(
            f"{host!a} can be reached by others, so every request must carry a token: add --token-file or --token"
        )
    token = gate.new_token() if token_file is None else _token_in(token_file)
    # Made or upgraded before two tabs could do so at once; what is wrong with it is told here.
    protocol_named(protocol)
    writing(location).close()

    def ready(port: int) -> None:
        out(_address(host, port) + (f"?token={token}" if token_file is None else ""))
        if token_file is not None:
            say(f"open it once with ?token= and the token in {token_file}; the browser then keeps it")
        if not gate.on_loopback(host):
            say("what is shown and typed travels unencrypted; a TLS proxy or an ssh tunnel is for that")
        say("whoever has the token can record and read cases; Ctrl+C ends it")

    server = TerminalServer(gate.Gate(token, host), port, store=location, protocol=protocol)
    try:
        return server.run(ready)
    except CannotListen as error:
        raise click.UsageError(str(error)) from None


def _token_in(path: str) -> str:
    from codelog.terminal.serve.gate import TOKEN

    token = read_file(path).decode("utf-8", "replace").strip()
    if stat.S_IMODE(os.stat(path).st_mode) & stat.S_IRWXO:
        raise click.UsageError(f"everybody on this machine can reach the token in {path}; chmod o= {path}")
    if not TOKEN.fullmatch(token):
        raise click.UsageError(
            f"{path} does not hold a token: 16 to 256 letters, digits and any of . _ ~ - on one line"
        )
    return token


def _address(host: str, port: int) -> str:
    import socket
    from ipaddress import ip_address

    try:
        literal = ip_address(host)
    except ValueError:
        return f"http://{host}:{port}/"
    if literal.is_unspecified:
        return f"http://{socket.gethostname()}:{port}/"
    return f"http://[{host}]:{port}/" if literal.version == 6 else f"http://{host}:{port}/"
