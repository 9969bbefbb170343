CREATE TABLE public.runs (
    id uuid PRIMARY KEY DEFAULT CAST(md5(CAST(random() AS text)) AS uuid),
    project_id uuid NOT NULL,
    status text NOT NULL DEFAULT 'running'
);
CREATE TABLE public.deployments (
    id uuid PRIMARY KEY DEFAULT CAST(md5(CAST(random() AS text)) AS uuid),
    run_id uuid REFERENCES public.runs (id) ON DELETE CASCADE,
    chain_id integer,
    contract_address text,
    tx_hash text,
    network text,
    status text DEFAULT 'pending',
    metadata jsonb DEFAULT '{}',
    created_at timestamptz DEFAULT now(),
    wallet_user_id uuid
);
ALTER TABLE public.runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.deployments ENABLE ROW LEVEL SECURITY;
CREATE POLICY service_role_all ON public.runs FOR ALL TO service_role USING (true) WITH CHECK (true);
CREATE POLICY service_role_all ON public.deployments FOR ALL TO service_role USING (true) WITH CHECK (true);
INSERT INTO public.runs (id, project_id, status)
SELECT CAST(md5('run' || i) AS uuid), CAST(md5('project' || i % 19) AS uuid), 'completed'
FROM generate_series(0, 59) AS i;
INSERT INTO public.deployments (run_id, chain_id, network, status, metadata, created_at)
SELECT CASE WHEN i % 29 = 5 THEN NULL ELSE CAST(md5('run' || i % 60) AS uuid) END,
       (ARRAY[133717, 1088, 59902, 5000, NULL])[1 + i % 5],
       (ARRAY[NULL, NULL, NULL, 'hyperion', 'Hyperion-Testnet', '', 'metis andromeda', 'mantle'])[1 + i / 5 % 8],
       (ARRAY['confirmed', 'deployed', 'pending', 'failed', NULL, 'error', 'completed', 'reverted', 'submitted',
              'success', 'Failed', 'deploying', 'deployed'])[1 + i % 13],
       CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN '{}' WHEN 2 THEN '{"template": "erc20"}'
                  ELSE jsonb_build_object('template', 'nft-' || i % 3) END,
       now() - interval '20 minutes' - i * interval '27 minutes'
FROM generate_series(0, 1999) AS i;
