/**
 * Like Autopack's script: takes its time, records an event for phases that succeed, and fails every third. No phase
 * ends while the folder holds a file `hold`.
 */
export const slowScript = `import os, sqlite3, sys, time
path = os.environ["DATABASE_URL"].removeprefix("sqlite:///")
run, phase = sys.argv[sys.argv.index("--run-id") + 1], sys.argv[sys.argv.index("--phase-id") + 1]
print("working on", phase, flush=True)
time.sleep(2)
while os.path.exists("hold"):
    time.sleep(0.05)
failed = any(number in phase for number in ("p3-", "p6-", "p9-"))
with sqlite3.connect(path) as database:
    state = "FAILED" if failed else "COMPLETE"
    reason = "ImportError: No module named 'telemetry_utils'" if failed else None
    database.execute("UPDATE phases SET state = ?, last_failure_reason = ? WHERE run_id = ? AND phase_id = ?", (state, reason, run, phase))
    if not failed:
        database.execute("""INSERT INTO token_estimation_v2_events
            (run_id, phase_id, timestamp, category, complexity, deliverable_count, deliverables_json, predicted_output_tokens,
             actual_output_tokens, selected_budget, success, truncated, model, is_truncated_output, created_at)
            VALUES (?, ?, datetime('now'), 'tests', 'low', 1, '[]', 3000, 2500, 8192, 1, 0, 'example', 0, datetime('now'))""", (run, phase))
if failed:
    print("ImportError: No module named 'telemetry_utils'", file=sys.stderr)
    sys.exit(1)
`;
