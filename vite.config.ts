import { cpSync, existsSync, mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig, type Plugin } from "vite";

const root = import.meta.dirname ?? process.cwd();
const poseVersion = "0.10.35";

/** Copies MediaPipe's wasm and the assembled pose weights beside the bundle: nothing is fetched from elsewhere. */
function selfHostedPose(): Plugin {
  let outDir = "";
  return {
    name: "self-hosted-pose",
    apply: "build",
    configResolved(config) {
      outDir = resolve(root, config.build.outDir);
    },
    closeBundle() {
      const target = resolve(outDir, "pose", poseVersion);
      mkdirSync(target, { recursive: true });
      const wasm = resolve(root, "node_modules/@mediapipe/tasks-vision/wasm");
      for (const name of ["vision_wasm_module_internal.js", "vision_wasm_module_internal.wasm"]) {
        cpSync(resolve(wasm, name), resolve(target, name));
      }
      for (const size of ["lite", "full"]) {
        const weights = resolve(root, `build/models/pose_landmarker_${size}.task`);
        if (existsSync(weights)) cpSync(weights, resolve(target, `pose_landmarker_${size}.task`));
        else this.warn(`pose weights "${size}" are not assembled yet; the camera will say that it is unavailable`);
      }
    },
  };
}

export default defineConfig({
  base: "/static/",
  publicDir: false,
  define: { __POSE_VERSION__: JSON.stringify(poseVersion) },
  plugins: [selfHostedPose()],
  worker: { format: "es" },
  build: {
    outDir: "build/static",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: [
        "static/shared/app.ts",
        "static/sessions/live.ts",
        "static/sessions/review.ts",
        "static/sessions/watch.ts",
        "static/sessions/upload.ts",
        "static/sessions/movement.ts",
        "static/sessions/sensor.ts",
        "static/sessions/assistant.ts",
        "static/prescriptions/figure.ts",
        "static/prescriptions/adapting.ts",
        "static/notes/import.ts",
        "static/notes/annotation.ts",
        "static/notes/notes.ts",
        "static/notes/editor.ts",
      ],
    },
  },
});
