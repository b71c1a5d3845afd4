// The text of a QR code: from the camera while it looks, or from a photo.
const LOOK_MS = 200;
const LARGEST = 1600; // pixels of a side: more adds nothing to a code that fills the picture
const SIZES = [LARGEST, 800, 400];

export const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia);

// Calls `found` with the first text; returns what stops the camera. Throws where there is none.
export async function watch(video, found) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  video.srcObject = stream;
  let timer = 0;
  const stop = () => {
    clearTimeout(timer);
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  };
  const look = async () => {
    const written = video.videoWidth ? await read(video, video.videoWidth, video.videoHeight) : "";
    if (!video.srcObject) return;
    if (written) {
      stop();
      found(written);
    } else timer = setTimeout(look, LOOK_MS);
  };
  await video.play();
  look();
  return stop;
}

// The text in a photo; empty if no code is seen in it.
export async function readPhoto(file) {
  const bitmap = await createImageBitmap(file).catch(() => null);
  return bitmap ? read(bitmap, bitmap.width, bitmap.height) : "";
}

async function read(source, width, height) {
  const own = await bySystem(source);
  if (own) return own;
  const { decodeQR } = await import("../vendor/qr/decode.js");
  for (const side of SIZES) {
    const shrink = Math.min(1, side / Math.max(width, height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(width * shrink));
    canvas.height = Math.max(1, Math.round(height * shrink));
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(source, 0, 0, canvas.width, canvas.height);
    try {
      return decodeQR(pen.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      // no code is seen at this size
    }
    if (shrink === 1 && Math.max(width, height) <= side / 2) break;
  }
  return "";
}

async function bySystem(source) {
  if (!("BarcodeDetector" in window)) return "";
  try {
    const found = await new BarcodeDetector({ formats: ["qr_code"] }).detect(source);
    return found[0]?.rawValue ?? "";
  } catch {
    return "";
  }
}
