/** The form in which a person confirms an act: what will be done, what is still to be said, and what was refused. */
import { Form, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useAct } from "../api/act";
import { argsOf, fieldsOf } from "../api/forms";
import type { Data, Outcome } from "../api/types";
import { useVerb } from "../api/verbs";
import { ProblemNote } from "./States";
import { VerbFields, type Suggestions } from "./VerbFields";

export interface ActProps {
  verb: string;
  args: Data;
  /** Only these optional fields are asked; all required ones always are. */
  ask?: string[];
  about?: React.ReactNode;
  suggest?: Suggestions;
  onDone?: (outcome: Outcome) => void;
}

interface Props extends ActProps {
  close: () => void;
}

const newKey = (): string => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;

export function ActDialog({ verb, args, ask = [], about, suggest = {}, onDone, close }: Props) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Data>();
  const [key] = useState(newKey);
  const { data: info } = useVerb(verb);
  const act = useAct((outcome) => {
    close();
    onDone?.(outcome);
  });
  const fields = info
    ? fieldsOf(info.arguments, info.arguments.$defs ?? {}, args).filter((field) => field.required || ask.includes(field.name))
    : [];
  const submit = async (): Promise<void> => {
    const typed = await form.validateFields();
    act.mutate({ verb, args: { ...args, ...argsOf(fields, typed) }, key });
  };
  return (
    <Modal
      open
      title={t(`verb.${verb}`, { defaultValue: verb })}
      okText={t("form.confirm")}
      cancelText={t("form.cancel")}
      confirmLoading={act.isPending}
      onOk={() => void submit().catch(() => undefined)}
      onCancel={close}
      okButtonProps={{ className: "act-confirm" }}
    >
      {about && <div className="act-about">{about}</div>}
      {act.error && <ProblemNote problem={act.error} />}
      <Form form={form} layout="vertical" requiredMark="optional">
        <VerbFields fields={fields} suggest={suggest} />
      </Form>
    </Modal>
  );
}
