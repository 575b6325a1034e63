/** Writing a warning's words, in both languages side by side. */
import { Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useAct } from "../../api/act";
import type { Warning, WarningText } from "../../api/types";
import { ProblemNote } from "../../parts/States";
import { useMay } from "../../parts/useMay";

type Words = Warning["texts"];
const PARTS: { key: keyof WarningText; rows: number }[] = [
  { key: "headline", rows: 1 },
  { key: "description", rows: 5 },
  { key: "instruction", rows: 4 },
];

export function EditWords({ warning }: { warning: Warning }) {
  const { t } = useTranslation();
  const may = useMay();
  const [key, setKey] = useState<string | null>(null);
  const [form] = Form.useForm<Words>();
  const act = useAct(() => setKey(null));
  if (!may("warning.edit") || warning.state !== "draft") return null;
  const save = async (): Promise<void> => {
    const words = await form.validateFields();
    act.mutate({ verb: "warning.edit", args: { warning: warning.id, ...words }, key: key ?? "" });
  };
  return (
    <>
      <Button size="small" data-verb="warning.edit" onClick={() => setKey(crypto.randomUUID())}>
        {t("verb.warning.edit")}
      </Button>
      <Modal
        open={key !== null}
        width={880}
        title={t("verb.warning.edit")}
        okText={t("form.save")}
        cancelText={t("form.cancel")}
        confirmLoading={act.isPending}
        onOk={() => void save().catch(() => undefined)}
        onCancel={() => setKey(null)}
        destroyOnHidden
      >
        <Form form={form} layout="vertical" initialValues={warning.texts} requiredMark={false}>
          <div className="two-columns">
            {(["zh", "en"] as const).map((lang) => (
              <fieldset key={lang}>
                <legend>{t(`language.${lang}`)}</legend>
                {PARTS.map((part) => (
                  <Form.Item key={part.key} name={[lang, part.key]} label={t(`warning.${part.key}`)} rules={[{ required: part.key === "headline" && lang === "zh", message: t("form.required") }]}>
                    <Input.TextArea autoSize={{ minRows: part.rows, maxRows: 12 }} />
                  </Form.Item>
                ))}
              </fieldset>
            ))}
          </div>
        </Form>
        {act.error && <ProblemNote problem={act.error} />}
      </Modal>
    </>
  );
}
