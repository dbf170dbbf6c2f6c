\set d random(1, 200000)
\set t :d % 100 + 1
\set s random(1, 6)
\set k random(1, 9000000000000000)
WITH cur AS MATERIALIZED (SELECT tenant, id, stage FROM load_deals WHERE tenant = :t AND id = :d FOR UPDATE), ins AS (INSERT INTO load_moves (tenant, deal, was, became, at, key) SELECT tenant, id, stage, :s, now(), 'k' || :k FROM cur ON CONFLICT (tenant, key) DO NOTHING RETURNING tenant, deal) UPDATE load_deals d SET stage = :s, since = now(), version = version + 1 FROM ins WHERE d.tenant = ins.tenant AND d.id = ins.deal;
