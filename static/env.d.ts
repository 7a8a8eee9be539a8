/// <reference types="vite/client" />
declare const __POSE_VERSION__: string;
