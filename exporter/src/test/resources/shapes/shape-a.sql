CREATE SCHEMA hyperagent;
CREATE TABLE hyperagent.generated_contracts (
    id uuid PRIMARY KEY DEFAULT CAST(md5(CAST(random() AS text)) AS uuid),
    workflow_id uuid NOT NULL,
    contract_name varchar(255),
    contract_type varchar(50)
);
CREATE TABLE hyperagent.deployments (
    id uuid PRIMARY KEY DEFAULT CAST(md5(CAST(random() AS text)) AS uuid),
    contract_id uuid REFERENCES hyperagent.generated_contracts (id) ON DELETE CASCADE,
    deployment_network varchar(50) NOT NULL,
    is_testnet boolean DEFAULT true,
    contract_address varchar(42),
    transaction_hash varchar(66),
    deployment_status varchar(50) NOT NULL DEFAULT 'pending',
    deployed_at timestamptz,
    confirmed_at timestamptz,
    metadata jsonb
);
INSERT INTO hyperagent.generated_contracts (id, workflow_id, contract_name, contract_type)
SELECT CAST(md5('contract' || i) AS uuid), CAST(md5('workflow' || i % 17) AS uuid), 'MyContract' || i,
       (ARRAY['ERC20', 'ERC721', 'DeFi', NULL])[1 + i % 4]
FROM generate_series(0, 39) AS i;
INSERT INTO hyperagent.deployments (contract_id, deployment_network, is_testnet, deployment_status, deployed_at, confirmed_at)
SELECT CASE WHEN i % 23 = 5 THEN NULL ELSE CAST(md5('contract' || i % 40) AS uuid) END,
       (ARRAY['hyperion_testnet', 'hyperion_mainnet', 'mantle_testnet', 'metis_mainnet', 'Metis_Testnet'])[1 + i % 5],
       i % 5 NOT IN (1, 3),
       (ARRAY['confirmed', 'confirmed', 'pending', 'failed', 'deployed', 'error', 'reverted', 'submitted',
              'success', 'Confirmed', 'deploying'])[1 + i % 11],
       now() - interval '20 minutes' - i * interval '27 minutes',
       now() - interval '19 minutes' - i * interval '27 minutes'
FROM generate_series(0, 1999) AS i;
