// A soft phone on the official Voice JS SDK v1 (npm twilio-client 1.15.1) that writes down every event in order.
globalThis.phone = (() => {
  const DEVICE_EVENTS = ["cancel", "connect", "disconnect", "error", "incoming", "offline", "ready"];
  const CONNECTION_EVENTS = [
    "accept", "cancel", "disconnect", "error", "mute", "reconnected", "reconnecting", "reject", "ringing",
    "warning", "warning-cleared",
  ];
  const events = [];
  const device = new Twilio.Device();
  const followed = new Set();
  let connection = null;

  function follow(latest) {
    connection = latest;
    if (followed.has(latest)) return;
    followed.add(latest);
    for (const name of CONNECTION_EVENTS) latest.on(name, (...details) => note("connection", name, details[0], latest));
  }

  function note(source, name, detail, about) {
    events.push({
      name: `${source} ${name}`,
      at_ms: Math.round(performance.now()),
      status: about?.status?.() ?? null,
      code: detail?.code ?? null,
      message: detail?.message ?? (["string", "boolean"].includes(typeof detail) ? String(detail) : ""),
    });
  }

  for (const name of DEVICE_EVENTS) {
    device.on(name, (detail) => {
      if (name === "incoming") follow(detail);
      note("device", name, detail, name === "error" ? detail?.connection : detail);
    });
  }

  return {
    events,
    setup: (token, options) => void device.setup(token, options),
    renew: (token) => void device.updateToken(token),
    connect: (params) => {
      follow(device.connect(params));
      return connection.status();
    },
    accept: () => void connection.accept(),
    reject: () => void connection.reject(),
    ignore: () => void connection.ignore(),
    disconnect: () => void connection.disconnect(),
    mute: (flag) => void connection.mute(flag),
    sendDigits: (digits) => void connection.sendDigits(digits),
    destroy: () => void device.destroy(),
    status: () => connection?.status() ?? null,
    deviceStatus: () => device.status(),
    parameters: () => ({ ...connection.parameters }),
    customParameters: () => Object.fromEntries(connection.customParameters),
    remoteStream: () => connection?.getRemoteStream(),
  };
})();
