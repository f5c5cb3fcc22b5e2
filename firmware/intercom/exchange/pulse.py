"""How the exchange is: `/healthz` for whoever keeps it alive, `/metrics` for Prometheus.  Counts only, no names."""

import hmac
from collections.abc import Iterable

from aiohttp import hdrs, web

from intercom.exchange.addresses import is_loopback
from intercom.exchange.calls import State
from intercom.exchange.directory import Kind
from intercom.exchange.reports import Reports
from intercom.exchange.switch import Switch


def routes(switch: Switch, reports: Reports, *, token: str) -> list[web.RouteDef]:
    """Serve both; the counts are for this machine, and for who shows the token, where there is one."""

    async def health(_request: web.Request) -> web.Response:
        clients, calls = list(switch.directory), list(switch.calls)
        return web.json_response({"ok": True, "clients": len(clients), "calls": len(calls)})

    async def metrics(request: web.Request) -> web.Response:
        if not is_loopback(request.remote or "") and not _shows(request, token):
            raise web.HTTPForbidden(text="Metrics are for this machine, and for who shows exchange.metrics_token.")
        return web.Response(text=exposition(switch, reports), headers={"Content-Type": "text/plain; version=0.0.4"})

    return [web.get("/healthz", health), web.get("/metrics", metrics)]


def exposition(switch: Switch, reports: Reports) -> str:
    """Return the counts in Prometheus' text format."""
    clients, calls = list(switch.directory), list(switch.calls)
    registered = [client for client in clients if client.is_registered]
    series: list[tuple[str, str, str, list[str], Iterable[str]]] = [
        ("clients", "Signalling sockets that are signed in.", "kind", [client.kind for client in clients], Kind),
        ("registered", "Those that take calls.", "kind", [client.kind for client in registered], Kind),
        ("calls", "Calls that are on.", "state", [call.state for call in calls], (State.RINGING, State.OPEN)),
    ]
    lines: list[str] = []
    for name, text, label, found, values in series:
        lines += [f"# HELP intercom_{name} {text}", f"# TYPE intercom_{name} gauge"]
        lines += [f'intercom_{name}{{{label}="{value}"}} {found.count(value)}' for value in values]
    lines += [
        "# HELP intercom_reports_total Reports of calls, since the exchange began.",
        "# TYPE intercom_reports_total counter",
        f'intercom_reports_total{{outcome="taken"}} {reports.taken}',
        f'intercom_reports_total{{outcome="refused"}} {reports.refused}',
    ]
    return "\n".join(lines) + "\n"


def _shows(request: web.Request, token: str) -> bool:
    shown = request.headers.get(hdrs.AUTHORIZATION, "").encode(errors="replace")
    return bool(token) and hmac.compare_digest(shown, f"Bearer {token}".encode())
