// A soft phone on the official Voice JS SDK v2 (npm @twilio/voice-sdk 2.18.5) that writes down every event in order.
globalThis.phone = (() => {
  const DEVICE_EVENTS = [
    "destroyed", "error", "incoming", "registered", "registering", "tokenWillExpire", "unregistered",
  ];
  const CALL_EVENTS = [
    "accept", "cancel", "disconnect", "error", "mute", "reconnected", "reconnecting", "reject", "ringing",
    "warning", "warning-cleared",
  ];
  const MESSAGE_EVENTS = ["messageReceived", "messageSent"];
  let device = null;

  function follow(call) {
    if (journal.call === call) return;
    journal.follow(call, CALL_EVENTS);
    for (const name of MESSAGE_EVENTS) {
      call.on(name, (said) => journal.note("connection", name, JSON.stringify(said), call));
    }
  }

  return {
    setup: (token, options) => {
      device = new Twilio.Device(token, options);
      for (const name of DEVICE_EVENTS) {
        device.on(name, (detail, call) => {
          if (name === "incoming") follow(detail);
          journal.note("device", name, detail, name === "incoming" ? detail : call);
        });
      }
    },
    begin: () => void device.register().catch((error) => journal.note("device", "register-failed", error)),
    register: () => device.register(),
    unregister: () => device.unregister(),
    renew: (token) => void device.updateToken(token),
    connect: async (params) => {
      follow(await device.connect({ params }));
      return journal.call.status();
    },
    takeOver: async (connectToken) => {
      follow(await device.connect({ connectToken }));
      return journal.call.status();
    },
    connectToken: () => journal.call.connectToken ?? null,
    accept: () => void journal.call.accept(),
    reject: () => void journal.call.reject(),
    ignore: () => void journal.call.ignore(),
    disconnect: () => void journal.call.disconnect(),
    mute: (flag) => void journal.call.mute(flag),
    sendDigits: (digits) => void journal.call.sendDigits(digits),
    sendMessage: (content, messageType) => journal.call.sendMessage({ content, messageType }),
    destroy: () => void device.destroy(),
    status: () => journal.call?.status() ?? null,
    deviceStatus: () => device.state,
    parameters: () => ({ ...journal.call.parameters }),
    customParameters: () => Object.fromEntries(journal.call.customParameters),
    remoteStream: () => journal.call?.getRemoteStream(),
  };
})();
