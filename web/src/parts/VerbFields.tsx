/** The fields of a verb's form, drawn from its schema. */
import { AutoComplete, Form, Input, InputNumber, Select, Switch } from "antd";
import { useTranslation } from "react-i18next";

import type { Field } from "../api/forms";
import { ChoiceSelect, isNamed, NamedSelect } from "./NamedSelect";

/** Values that a field often has, by its name; another may be typed. */
export type Suggestions = Record<string, string[]>;

interface ControlProps {
  field: Field;
  suggested?: string[] | undefined;
  id?: string;
  value?: never;
  onChange?: never;
}

function Control({ field, suggested, ...rest }: ControlProps) {
  const { kind, choices = [], minimum, maximum, maxLength } = field;
  if (suggested && kind === "text") return <AutoComplete {...rest} options={suggested.map((value) => ({ value }))} />;
  if (kind === "choice") return <ChoiceSelect {...rest} choices={choices} />;
  if (isNamed(kind)) return <NamedSelect {...rest} kind={kind} />;
  if (kind === "boolean") return <Switch {...rest} />;
  if (kind === "number" || kind === "integer") {
    const step = kind === "integer" ? { precision: 0 } : {};
    return <InputNumber {...rest} {...step} {...(minimum === undefined ? {} : { min: minimum })} {...(maximum === undefined ? {} : { max: maximum })} style={{ width: "100%" }} />;
  }
  if (kind === "time") return <Input {...rest} type="datetime-local" />;
  if (kind === "list") return <Select {...rest} mode="tags" open={false} suffixIcon={null} />;
  if (kind === "long") return <Input.TextArea {...rest} autoSize={{ minRows: 3, maxRows: 8 }} maxLength={maxLength} />;
  if (kind === "json") return <Input.TextArea {...rest} autoSize={{ minRows: 2, maxRows: 8 }} className="code" />;
  return <Input {...rest} {...(maxLength === undefined ? {} : { maxLength })} />;
}

export function VerbFields({ fields, suggest = {} }: { fields: Field[]; suggest?: Suggestions }) {
  const { t } = useTranslation();
  return fields.map((field) => (
    <Form.Item
      key={field.name}
      name={field.name}
      label={t(`field.${field.name}`, { defaultValue: field.name.replaceAll("_", " ") })}
      tooltip={field.description}
      valuePropName={field.kind === "boolean" ? "checked" : "value"}
      initialValue={field.fallback}
      rules={[{ required: field.required && field.kind !== "boolean", message: t("form.required") }]}
    >
      <Control field={field} suggested={suggest[field.name]} />
    </Form.Item>
  ));
}
