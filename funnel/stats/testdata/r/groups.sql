-- The stays of an imported data set that had begun at the time :'at', straight from their times and
-- without the program's own queries. Days are elapsed days of 24 hours.
--
-- entered, sharp, left, stay  what the program's tables hold, in days before :'at' (funnel.SpellGroup)
-- exit_age                    the age at the exit, or at :'at' for those that had not ended
-- from_W                      the age at which the stay comes under observation in the window of the W
--                             days before :'at'; empty where it had left by then
WITH known AS (
    SELECT s.stage, s.entered,
        CASE WHEN s.left_at <= :'at' AND s.left_recorded_at <= :'at' THEN s.left_at END AS left_at,
        s.exit, s.destination
    FROM spells s JOIN deals d ON d.workspace_id = s.workspace_id AND d.id = s.deal_id
    WHERE s.entered <= :'at' AND s.recorded_at <= :'at'
      AND (s.voided_at IS NULL OR s.voided_at > :'at') AND (d.voided_at IS NULL OR d.voided_at > :'at')
), days AS (
    SELECT stage, left_at IS NOT NULL AS gone, CASE WHEN left_at IS NOT NULL THEN exit ELSE '' END AS exit,
        CASE WHEN left_at IS NOT NULL THEN destination ELSE '' END AS destination,
        extract(epoch FROM :'at'::timestamptz - entered) / 86400 AS entered,
        extract(epoch FROM :'at'::timestamptz - left_at) / 86400 AS "left",
        extract(epoch FROM coalesce(left_at, :'at'::timestamptz) - entered) / 86400 AS age
    FROM known
)
SELECT stage, floor(entered)::int AS entered, entered = floor(entered) AS sharp,
    CASE WHEN gone THEN floor("left")::int ELSE -1 END AS "left",
    CASE WHEN gone THEN greatest(1, ceil(age))::int ELSE 0 END AS stay,
    exit, destination,
    greatest(1, ceil(age))::int AS exit_age,
    CASE WHEN NOT gone OR "left" < 30 THEN floor(greatest(0, entered - 30))::int END AS from_30,
    CASE WHEN NOT gone OR "left" < 90 THEN floor(greatest(0, entered - 90))::int END AS from_90,
    CASE WHEN NOT gone OR "left" < 365 THEN floor(greatest(0, entered - 365))::int END AS from_365,
    CASE WHEN NOT gone OR "left" < 3650 THEN floor(greatest(0, entered - 3650))::int END AS from_3650,
    count(*) AS n
FROM days
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12;
