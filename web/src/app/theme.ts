/** The component library's tokens, filled from our own colours, so that there is one source of colour. */
import { theme as antd, type ThemeConfig } from "antd";

import { palette } from "./palette";

export type ThemeName = "light" | "dark";

const FONT =
  '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "Segoe UI", Roboto, Arial, sans-serif';

export function themeConfig(name: ThemeName): ThemeConfig {
  const colour = palette();
  return {
    algorithm: [name === "dark" ? antd.darkAlgorithm : antd.defaultAlgorithm, antd.compactAlgorithm],
    token: {
      fontFamily: FONT,
      fontSize: 14,
      borderRadius: 4,
      wireframe: false,
      colorPrimary: colour.accent,
      colorInfo: colour.accent,
      colorLink: colour.accent,
      colorError: colour["level-red"],
      colorSuccess: colour.done,
      colorBgLayout: colour.page,
      colorBgContainer: colour.surface,
      colorBgElevated: colour.surface,
      colorBorder: colour.edge,
      colorBorderSecondary: colour.edge,
      colorText: colour.text,
      colorTextSecondary: colour["text-2"],
      controlHeight: 30,
    },
    components: {
      Table: { headerBg: colour["surface-2"], cellPaddingBlockSM: 7, headerSplitColor: "transparent" },
      Button: { primaryShadow: "none", defaultShadow: "none", dangerShadow: "none" },
    },
  };
}
