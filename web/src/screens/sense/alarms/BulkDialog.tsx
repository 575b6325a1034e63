/** One verb for many alarms: asked once, done one by one, each with its own result. */
import { CheckOutlined, CloseOutlined, LoadingOutlined, MinusOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Form, Modal, Progress as Bar } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { act } from "../../../api/act";
import { argsOf, fieldsOf } from "../../../api/forms";
import { staleBy } from "../../../api/names";
import type { Alarm, Data } from "../../../api/types";
import { useVerb } from "../../../api/verbs";
import { useLang } from "../../../app/preferences";
import { GradeTag } from "../../../parts/GradeTag";
import { name } from "../../../parts/names";
import { VerbFields, type Suggestions } from "../../../parts/VerbFields";
import { runEach, type Progress } from "./runEach";

interface Props {
  verb: string;
  ask: string[];
  alarms: Alarm[];
  suggest: Suggestions;
  close: (done: boolean) => void;
}

const MARKS = { waiting: null, doing: <LoadingOutlined />, done: <CheckOutlined />, refused: <CloseOutlined />, left: <MinusOutlined /> };
const newKey = (): string => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;

export function BulkDialog({ verb, ask, alarms, suggest, close }: Props) {
  const { t } = useTranslation();
  const lang = useLang();
  const client = useQueryClient();
  const [form] = Form.useForm<Data>();
  const [items] = useState(() => alarms.map((alarm) => ({ alarm, key: newKey() })));
  const [progress, setProgress] = useState<Progress[] | null>(null);
  const [ended, setEnded] = useState(false);
  const stop = useRef(false);
  const { data: info } = useVerb(verb);
  const fields = info ? fieldsOf(info.arguments, info.arguments.$defs ?? {}, { alarm: "" }).filter((field) => field.required || ask.includes(field.name)) : [];
  const count = (turn: Progress["turn"]): number => progress?.filter((one) => one.turn === turn).length ?? 0;

  const start = async (): Promise<void> => {
    const typed = argsOf(fields, await form.validateFields());
    setProgress(items.map(() => ({ turn: "waiting" })));
    await runEach(
      items,
      ({ alarm, key }) => act(verb, { alarm: alarm.id, ...typed }, key),
      (at, told) => setProgress((before) => before?.map((one, i) => (i === at ? told : one)) ?? null),
      () => stop.current,
    );
    setEnded(true);
    for (const key of ["alarm-desk", ...staleBy(verb)]) void client.invalidateQueries({ queryKey: [key] });
  };
  const running = progress !== null && !ended;
  return (
    <Modal
      open
      width={620}
      title={`${t(`verb.${verb}`)} · ${t("alarm.count", { count: items.length })}`}
      okText={ended ? t("form.close") : t("form.confirm")}
      cancelText={t(running ? "form.stop" : "form.cancel")}
      confirmLoading={running}
      okButtonProps={{ className: ended ? "act-close" : "act-confirm" }}
      {...(ended ? { cancelButtonProps: { style: { display: "none" } } } : {})}
      onOk={() => (ended ? close(true) : void start().catch(() => undefined))}
      onCancel={() => {
        if (running) stop.current = true;
        else close(ended);
      }}
    >
      {!progress && (
        <Form form={form} layout="vertical" requiredMark="optional">
          <VerbFields fields={fields} suggest={suggest} />
        </Form>
      )}
      {progress && (
        <>
          <Bar percent={Math.round((100 * (count("done") + count("refused") + count("left"))) / items.length)} {...(count("refused") > 0 ? { status: "exception" as const } : {})} />
          <p className="bulk-sum" role="status">
            {t("alarm.bulk", { done: count("done"), refused: count("refused"), all: items.length })}
          </p>
        </>
      )}
      <ul className="bulk-list">
        {items.map(({ alarm }, i) => (
          <li key={alarm.id} className={`bulk-${progress?.[i]?.turn ?? "waiting"}`}>
            <GradeTag grade={alarm.grade} short />
            <span className="row-main">
              {name(alarm.name, lang, alarm.subject)}
              {progress?.[i]?.why && <small className="why-small late">{progress[i].why}</small>}
            </span>
            <span className="bulk-mark">{MARKS[progress?.[i]?.turn ?? "waiting"]}</span>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
