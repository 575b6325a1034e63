/** Signing in. In a demonstration each desk has a button. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";

import { post, type Problem } from "../../api/http";
import { useMe } from "../../api/queries";
import type { Me } from "../../api/types";
import { Brand } from "../../app/Brand";
import { LookButtons } from "../../app/TopBar";
import { ProblemNote } from "../../parts/States";
import { DemoDesks } from "./DemoDesks";

export interface Credentials {
  user: string;
  password: string;
}

export default function LoginScreen() {
  const { t } = useTranslation();
  const go = useNavigate();
  const { state } = useLocation() as { state: { from?: string } | null };
  const client = useQueryClient();
  const { data: me } = useMe();
  const enter = useMutation<Me, Problem, Credentials>({
    mutationFn: (credentials) => post("/api/v1/session", credentials),
    onSuccess: async () => {
      client.clear();
      await client.refetchQueries({ queryKey: ["me"] });
      void go(state?.from ?? "/", { replace: true });
    },
  });
  return (
    <div className="login">
      <div className="login-look">
        <LookButtons />
      </div>
      <main className="login-box">
        <Brand large />
        <Form<Credentials> layout="vertical" requiredMark={false} onFinish={(typed) => enter.mutate(typed)}>
          <Form.Item name="user" label={t("login.user")} rules={[{ required: true, message: t("form.required") }]}>
            <Input autoComplete="username" autoFocus size="large" />
          </Form.Item>
          <Form.Item name="password" label={t("login.password")} rules={[{ required: true, message: t("form.required") }]}>
            <Input.Password autoComplete="current-password" size="large" />
          </Form.Item>
          {enter.error && <ProblemNote problem={enter.error} />}
          <Button type="primary" htmlType="submit" block size="large" loading={enter.isPending}>
            {t("login.enter")}
          </Button>
        </Form>
        {me?.demo && <DemoDesks onEnter={(credentials) => enter.mutate(credentials)} />}
      </main>
    </div>
  );
}
