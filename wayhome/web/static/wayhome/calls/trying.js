// Before the call: do camera, microphone and the relay work? Each answer is a word of the page.
const RELAY_MS = 10000;
const LOAD_BYTES = 32000; // a thin line needs some seconds for it, another none that is noticed
const LOAD_MS = 4000;
const PIECE_BYTES = 1000;

export async function openMedia(withPicture) {
  const video = {
    width: { ideal: 320 },
    height: { ideal: 240 },
    frameRate: { ideal: 15, max: 15 },
    facingMode: "user",
  };
  const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  return navigator.mediaDevices.getUserMedia({ audio, video: withPicture && video });
}

// How loud a stream is, 0 to 1, whenever it is asked.
export function ear(stream) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    loud() {
      analyser.getFloatTimeDomainData(samples);
      return Math.min(1, Math.hypot(...samples) / Math.sqrt(samples.length) * 4);
    },
    close: () => context.close(),
  };
}

// How many bits a second the relay carries from here and back, 0 if it carries nothing: two ends in
// this page, and it alone between them.
export async function bitsOfRelay(ways) {
  const config = { iceServers: [ways], iceTransportPolicy: "relay" };
  const ends = [new RTCPeerConnection(config), new RTCPeerConnection(config)];
  const [one, other] = ends;
  const channel = one.createDataChannel("try");
  const passing = (from, to, until) => {
    from.onicecandidate = ({ candidate }) => {
      if (candidate) until.then(() => to.addIceCandidate(candidate)).catch(() => {});
    };
  };
  let described;
  const ready = new Promise((resolve) => { described = resolve; });
  passing(one, other, ready);
  passing(other, one, ready);
  try {
    await one.setLocalDescription(await one.createOffer());
    await other.setRemoteDescription(one.localDescription);
    await other.setLocalDescription(await other.createAnswer());
    await one.setRemoteDescription(other.localDescription);
    described();
    return (await opens(one, channel)) ? await bitsOf(channel, other) : 0;
  } catch {
    return 0;
  } finally {
    for (const end of ends) end.close();
  }
}

function opens(end, channel) {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(false), RELAY_MS);
    const done = (works) => {
      clearTimeout(late);
      resolve(works);
    };
    channel.addEventListener("open", () => done(true));
    end.addEventListener("connectionstatechange", () => {
      if (end.connectionState === "failed") done(false);
    });
  });
}

// Of what came within the time; a line that carries anything carries one bit.
function bitsOf(channel, other) {
  return new Promise((resolve) => {
    let came = 0;
    const began = performance.now();
    const done = () => {
      const seconds = (performance.now() - began) / 1000;
      resolve(Math.max(1, (came * 8) / seconds));
    };
    const late = setTimeout(done, LOAD_MS);
    const take = ({ data }) => {
      came += data.byteLength ?? data.size;
      if (came < LOAD_BYTES) return;
      clearTimeout(late);
      done();
    };
    other.addEventListener("datachannel", (event) => {
      event.channel.addEventListener("message", take);
    });
    const piece = new Uint8Array(PIECE_BYTES);
    for (let sent = 0; sent < LOAD_BYTES; sent += PIECE_BYTES) channel.send(piece);
  });
}
