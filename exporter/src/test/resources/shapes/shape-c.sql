CREATE SCHEMA auth;
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT CAST(nullif(current_setting('request.jwt.claim.sub', true), '') AS uuid) $$;
CREATE TABLE public.projects (
    id uuid PRIMARY KEY DEFAULT CAST(md5(CAST(random() AS text)) AS uuid),
    owner_id uuid NOT NULL,
    name text
);
CREATE TABLE public.deployments (
    project_id uuid NOT NULL REFERENCES public.projects (id) ON DELETE CASCADE,
    run_id uuid,
    chain_id integer,
    network_name text,
    contract_name text NOT NULL,
    contract_address text,
    plan jsonb,
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'client-deployed', 'deployed')),
    deployment_order integer,
    created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE public.projects ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.deployments ENABLE ROW LEVEL SECURITY;
CREATE POLICY owner_only ON public.projects FOR ALL USING (owner_id = auth.uid());
CREATE POLICY owner_only ON public.deployments FOR ALL USING (
    EXISTS (SELECT FROM public.projects WHERE projects.id = deployments.project_id AND projects.owner_id = auth.uid()));
INSERT INTO public.projects (id, owner_id, name)
SELECT CAST(md5('project' || i) AS uuid), CAST(md5('user' || i % 5) AS uuid), 'Project ' || i
FROM generate_series(0, 22) AS i;
-- Runs of one to four contracts, some in one moment and some one after the other, and contracts without a run.
INSERT INTO public.deployments (project_id, run_id, chain_id, network_name, contract_name, plan, status, deployment_order, created_at)
SELECT CAST(md5('project' || run % 23) AS uuid),
       CASE WHEN run % 10 = 9 THEN NULL ELSE CAST(md5('run' || run) AS uuid) END,
       (ARRAY[133717, 1088, 59902, 5000, NULL])[1 + run % 5],
       (ARRAY[NULL, 'Hyperion Testnet', NULL, 'metis', NULL, 'Mantle', ''])[1 + run % 7],
       'Contract' || part,
       CAST(CASE run % 3 WHEN 0 THEN NULL WHEN 1 THEN '{"template": "dao"}'
                         ELSE '{"template": "erc20", "steps": 3}' END AS jsonb),
       CASE WHEN run % 6 = 5 AND part = run % 4 THEN 'pending'
            WHEN (run + part) % 4 = 0 THEN 'client-deployed' ELSE 'deployed' END,
       CASE WHEN run % 8 = 7 THEN NULL ELSE part END,
       now() - interval '20 minutes' - run * interval '54 minutes'
         + CASE WHEN run % 2 = 0 THEN part * interval '1 minute' ELSE interval '0' END
FROM generate_series(0, 999) AS run, LATERAL generate_series(0, run % 4) AS part;
