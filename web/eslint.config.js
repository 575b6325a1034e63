import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  ...tseslint.configs.recommended,
  hooks.configs.flat.recommended,
  {
    rules: {
      "max-lines": ["error", { max: 150, skipBlankLines: true, skipComments: true }],
      complexity: ["error", 20],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-console": "error",
    },
  },
  { ignores: ["src/api/schema.d.ts"] },
);
