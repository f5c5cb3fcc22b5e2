// A soft phone on the official Voice JS SDK v1 (npm twilio-client 1.15.1) that writes down every event in order.
globalThis.phone = (() => {
  const DEVICE_EVENTS = ["cancel", "connect", "disconnect", "error", "incoming", "offline", "ready"];
  const CONNECTION_EVENTS = [
    "accept", "cancel", "disconnect", "error", "mute", "reconnected", "reconnecting", "reject", "ringing",
    "warning", "warning-cleared",
  ];
  const device = new Twilio.Device();

  for (const name of DEVICE_EVENTS) {
    device.on(name, (detail) => {
      if (name === "incoming") journal.follow(detail, CONNECTION_EVENTS);
      journal.note("device", name, detail, name === "error" ? detail?.connection : detail);
    });
  }

  return {
    setup: (token, options) => void device.setup(token, options),
    renew: (token) => void device.updateToken(token),
    connect: (params) => {
      journal.follow(device.connect(params), CONNECTION_EVENTS);
      return journal.call.status();
    },
    accept: () => void journal.call.accept(),
    reject: () => void journal.call.reject(),
    ignore: () => void journal.call.ignore(),
    disconnect: () => void journal.call.disconnect(),
    mute: (flag) => void journal.call.mute(flag),
    sendDigits: (digits) => void journal.call.sendDigits(digits),
    destroy: () => void device.destroy(),
    status: () => journal.call?.status() ?? null,
    deviceStatus: () => device.status(),
    parameters: () => ({ ...journal.call.parameters }),
    customParameters: () => Object.fromEntries(journal.call.customParameters),
    remoteStream: () => journal.call?.getRemoteStream(),
  };
})();
