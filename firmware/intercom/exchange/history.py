"""`GET /history`: the latest calls of a signed-in person, with how they sounded."""

import json
import sqlite3
from collections.abc import Collection, Mapping
from typing import Any

from aiohttp import web

from intercom.errors import IntercomError
from intercom.exchange.database import Store
from intercom.exchange.people import SIGNED_OUT, People, refusal

LATEST = 30
LATEST_CALLS = """
SELECT sid,
    CASE caller WHEN :me THEN 'outgoing' ELSE 'incoming' END AS direction,
    CASE caller WHEN :me THEN COALESCE(callee, REPLACE(target, 'client:', '')) ELSE caller END AS who,
    started_at, answered_at, ended_at, ended_at - answered_at AS duration_s, code, reason,
    (SELECT MIN(mos_sum / scored) FROM quality WHERE call = sid AND scored > 0) AS mos
FROM calls
WHERE caller = :me OR callee = :me
    OR callee IS NULL AND REPLACE(target, 'client:', '') IN (SELECT value FROM json_each(:names))
ORDER BY started_at DESC LIMIT :most
"""


def routes(store: Store, people: People, groups: Mapping[str, Collection[str]]) -> list[web.RouteDef]:
    """Serve it; a call to a group that nobody answered is in the history of each member."""

    async def serve(request: web.Request) -> web.Response:
        try:
            person = await people.person(request)
            if person is None:
                return refusal(401, SIGNED_OUT)
            own = [person.identity, *(name for name, members in groups.items() if person.identity in members)]
            calls = await store.run(latest, person.identity, own)
        except IntercomError as error:
            return refusal(503, error)
        return web.json_response({"calls": calls})

    return [web.get("/history", serve)]


def latest(db: sqlite3.Connection, identity: str, names: Collection[str]) -> list[dict[str, Any]]:
    """Return the calls that `identity` made or got, the newest first; `names`: what it is called by, groups too.

    Times are in seconds since the epoch; `mos` is the mean score of the end that heard worse, None where none was told.
    """
    found = db.execute(LATEST_CALLS, {"me": identity, "names": json.dumps(list(names)), "most": LATEST})
    columns = [column[0] for column in found.description]
    return [dict(zip(columns, row, strict=True)) for row in found]
