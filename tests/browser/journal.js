// What happened in a page that runs an official SDK: every event, in order, and which of its calls is the latest.
globalThis.journal = (() => {
  const events = [];
  const followed = new Set();
  const journal = {
    events,
    call: null,

    // Writes down an event; `about` is the call whose status at that moment counts.
    note(source, name, detail, about) {
      events.push({
        name: `${source} ${name}`,
        at_ms: Math.round(performance.now()),
        status: about?.status?.() ?? null,
        code: detail?.code ?? null,
        message: detail?.message ?? (["string", "boolean"].includes(typeof detail) ? String(detail) : ""),
      });
    },

    // Makes this call the latest, and writes down these events of it.
    follow(call, names) {
      journal.call = call;
      if (followed.has(call)) return;
      followed.add(call);
      for (const name of names) call.on(name, (detail) => journal.note("connection", name, detail, call));
    },
  };
  return journal;
})();
