// Before the call: do camera, microphone and the relay work? Each answer is a word of the page.
const RELAY_MS = 10000;

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

// Whether the relay carries anything: two ends in this page, and it alone between them.
export async function relayWorks(ways) {
  const config = { iceServers: [ways], iceTransportPolicy: "relay" };
  const ends = [new RTCPeerConnection(config), new RTCPeerConnection(config)];
  const [one, other] = ends;
  one.createDataChannel("try");
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
    return await new Promise((resolve) => {
      const late = setTimeout(() => resolve(false), RELAY_MS);
      one.addEventListener("connectionstatechange", () => {
        if (one.connectionState !== "connected" && one.connectionState !== "failed") return;
        clearTimeout(late);
        resolve(one.connectionState === "connected");
      });
    });
  } catch {
    return false;
  } finally {
    for (const end of ends) end.close();
  }
}
