import { StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";

import "./i18n";
import "./styles/colors.css";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/parts.css";
import "./styles/screens.css";
import "./styles/map.css";
import "./styles/sense.css";
import "./styles/flood.css";
import { App } from "./app/App";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Suspense>
        <App />
      </Suspense>
    </StrictMode>,
  );
}
