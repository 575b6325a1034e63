/** A button for one verb; not there for those whose roles do not include it. */
import { Button, type ButtonProps } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ActDialog, type ActProps } from "./ActDialog";
import { useMay } from "./useMay";

interface Props extends ActProps {
  kind?: ButtonProps["type"];
  danger?: boolean;
  label?: string;
  disabled?: boolean;
  why?: string;
}

export function ActButton({ kind = "default", danger = false, label, disabled = false, why, ...wish }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const [open, setOpen] = useState(false);
  if (!may(wish.verb)) return null;
  return (
    <>
      <Button
        size="small"
        type={kind}
        danger={danger}
        disabled={disabled}
        title={why}
        onClick={(event) => {
          event.stopPropagation();
          setOpen(true);
        }}
        data-verb={wish.verb}
      >
        {label ?? t(`verb.${wish.verb}`, { defaultValue: wish.verb })}
      </Button>
      {open && <ActDialog {...wish} close={() => setOpen(false)} />}
    </>
  );
}
