/**
 * Autopack's seven tables, taken down from its schema by hand and apart from the product's own declaration,
 * which is held against this one: in each table the columns with type, what is required and the key, then unique sets,
 * foreign keys and indexes in the order of creation.
 */
const declared = `
runs
  id                         VARCHAR      required key
  state                      VARCHAR(33)  required
  created_at                 DATETIME     required
  updated_at                 DATETIME     required
  started_at                 DATETIME
  completed_at               DATETIME
  safety_profile             VARCHAR      required
  run_scope                  VARCHAR      required
  token_cap                  INTEGER      required
  max_phases                 INTEGER      required
  max_duration_minutes       INTEGER      required
  max_minor_issues_total     INTEGER
  tokens_used                INTEGER      required
  ci_runs_used               INTEGER      required
  minor_issues_count         INTEGER      required
  major_issues_count         INTEGER      required
  promotion_eligible_to_main VARCHAR      required
  debt_status                VARCHAR
  failure_reason             TEXT
  goal_anchor                TEXT
  index ix_runs_state_created: state created_at
  index ix_runs_id: id
phase_outcome_events
  id                       INTEGER      required key
  run_id                   VARCHAR      required
  phase_id                 VARCHAR      required
  phase_type               VARCHAR
  phase_outcome            VARCHAR(7)   required
  stop_reason              VARCHAR
  stuck_decision_rationale VARCHAR
  tokens_used              INTEGER
  duration_seconds         FLOAT
  model_used               VARCHAR
  timestamp                DATETIME
  context_injected         BOOLEAN
  context_item_count       INTEGER
  index ix_phase_outcome_run_id: run_id
  index ix_phase_outcome_phase_id: phase_id
  index ix_phase_outcome_events_run_id: run_id
  index ix_phase_outcome_timestamp: timestamp
  index ix_phase_outcome_events_phase_id: phase_id
  index ix_phase_outcome_events_context_injected: context_injected
  index ix_phase_outcome_outcome: phase_outcome
  index ix_phase_outcome_phase_type: phase_type
llm_usage_events
  id                INTEGER      required key
  provider          VARCHAR      required
  model             VARCHAR      required
  run_id            VARCHAR
  phase_id          VARCHAR
  role              VARCHAR      required
  total_tokens      INTEGER      required
  prompt_tokens     INTEGER
  completion_tokens INTEGER
  created_at        DATETIME     required
  client_id         VARCHAR
  is_doctor_call    BOOLEAN      required
  doctor_model      VARCHAR
  doctor_action     VARCHAR
  phase_type        VARCHAR
  intent            VARCHAR
  index ix_llm_usage_events_provider: provider
  index ix_llm_usage_events_created_at: created_at
  index ix_llm_usage_events_client_id: client_id
  index ix_llm_usage_events_is_doctor_call: is_doctor_call
  index ix_llm_usage_events_intent: intent
  index ix_llm_usage_events_model: model
  index ix_client_created: client_id created_at
  index ix_llm_usage_events_run_id: run_id
  index ix_llm_usage_events_phase_type: phase_type
  index ix_llm_usage_events_id: id
tiers
  id                         INTEGER      required key
  tier_id                    VARCHAR      required
  run_id                     VARCHAR      required
  tier_index                 INTEGER      required
  name                       VARCHAR      required
  description                TEXT
  state                      VARCHAR(11)  required
  token_cap                  INTEGER
  ci_run_cap                 INTEGER
  max_minor_issues_tolerated INTEGER
  max_major_issues_tolerated INTEGER      required
  tokens_used                INTEGER      required
  ci_runs_used               INTEGER      required
  minor_issues_count         INTEGER      required
  major_issues_count         INTEGER      required
  cleanliness                VARCHAR      required
  created_at                 DATETIME     required
  updated_at                 DATETIME     required
  started_at                 DATETIME
  completed_at               DATETIME
  foreign: run_id -> runs id cascade
  index ix_tiers_tier_id: tier_id
  index ix_tiers_id: id
phases
  id                     INTEGER      required key
  phase_id               VARCHAR      required
  run_id                 VARCHAR      required
  tier_id                INTEGER      required
  phase_index            INTEGER      required
  name                   VARCHAR      required
  description            TEXT
  state                  VARCHAR(10)  required
  task_category          VARCHAR
  complexity             VARCHAR
  builder_mode           VARCHAR
  phase_type             VARCHAR
  scope                  JSON
  deployment_config      JSON
  max_builder_attempts   INTEGER
  max_auditor_attempts   INTEGER
  incident_token_cap     INTEGER
  builder_attempts       INTEGER      required
  auditor_attempts       INTEGER      required
  tokens_used            INTEGER      required
  minor_issues_count     INTEGER      required
  major_issues_count     INTEGER      required
  issue_state            VARCHAR      required
  quality_level          VARCHAR
  quality_blocked        BOOLEAN      required
  retry_attempt          INTEGER      required
  revision_epoch         INTEGER      required
  escalation_level       INTEGER      required
  last_attempt_timestamp DATETIME
  last_failure_reason    VARCHAR
  created_at             DATETIME     required
  updated_at             DATETIME     required
  started_at             DATETIME
  completed_at           DATETIME
  unique uq_phases_run_id_phase_id: run_id phase_id
  foreign: run_id -> runs id cascade
  foreign: tier_id -> tiers id
  index ix_phases_run_state: run_id state
  index ix_phases_phase_id: phase_id
  index ix_phases_id: id
  index ix_phases_state_started: state started_at
  index ix_phases_state: state
  index ix_phases_run_id: run_id
token_estimation_v2_events
  event_id                INTEGER      required key
  run_id                  VARCHAR      required
  phase_id                VARCHAR      required
  timestamp               DATETIME     required
  category                VARCHAR      required
  complexity              VARCHAR      required
  deliverable_count       INTEGER      required
  deliverables_json       TEXT         required
  predicted_output_tokens INTEGER      required
  actual_output_tokens    INTEGER      required
  selected_budget         INTEGER      required
  actual_max_tokens       INTEGER
  success                 BOOLEAN      required
  truncated               BOOLEAN      required
  stop_reason             VARCHAR
  model                   VARCHAR      required
  smape_percent           FLOAT
  waste_ratio             FLOAT
  underestimated          BOOLEAN
  is_truncated_output     BOOLEAN      required
  api_reference_required  BOOLEAN
  examples_required       BOOLEAN
  research_required       BOOLEAN
  usage_guide_required    BOOLEAN
  context_quality         VARCHAR
  is_sot_file             BOOLEAN
  sot_file_name           VARCHAR
  sot_entry_count_hint    INTEGER
  created_at              DATETIME     required
  foreign fk_token_est_v2_run_phase: run_id phase_id -> phases run_id phase_id cascade
  foreign: run_id -> runs id cascade
  index ix_token_estimation_v2_events_created_at: created_at
  index ix_telemetry_category_timestamp: category timestamp
  index ix_token_estimation_v2_events_event_id: event_id
  index ix_token_estimation_v2_events_success: success
  index ix_token_estimation_v2_events_phase_id: phase_id
  index ix_token_estimation_v2_events_timestamp: timestamp
  index ix_token_estimation_v2_events_category: category
  index ix_token_estimation_v2_events_is_truncated_output: is_truncated_output
  index ix_token_estimation_v2_events_complexity: complexity
  index ix_token_estimation_v2_events_deliverable_count: deliverable_count
  index ix_telemetry_run_category: run_id category
  index ix_token_estimation_v2_events_truncated: truncated
  index ix_token_estimation_v2_events_run_id: run_id
  index ix_token_estimation_v2_events_underestimated: underestimated
token_budget_escalation_events
  event_id           INTEGER      required key
  run_id             VARCHAR      required
  phase_id           VARCHAR      required
  timestamp          DATETIME     required
  attempt_index      INTEGER      required
  reason             VARCHAR      required
  was_truncated      BOOLEAN      required
  output_utilization FLOAT
  escalation_factor  FLOAT        required
  base_value         INTEGER      required
  base_source        VARCHAR      required
  retry_max_tokens   INTEGER      required
  selected_budget    INTEGER
  actual_max_tokens  INTEGER
  tokens_used        INTEGER
  foreign fk_token_budget_escalation_run_phase: run_id phase_id -> phases run_id phase_id cascade
  foreign: run_id -> runs id cascade
  index ix_escalation_run_timestamp: run_id timestamp
  index ix_token_budget_escalation_events_run_id: run_id
  index ix_token_budget_escalation_events_event_id: event_id
  index ix_token_budget_escalation_events_phase_id: phase_id
  index ix_escalation_reason_timestamp: reason timestamp
  index ix_token_budget_escalation_events_timestamp: timestamp
`;

/** Every statement that makes these tables empty, with the layout of SQLAlchemy, which SQLite stores verbatim. */
export function referenceTableStatements(): string[] {
  return declared
    .trim()
    .split(/\n(?=\S)/)
    .flatMap(statementsOf);
}

function statementsOf(declaration: string): string[] {
  const [table = '', ...lines] = declaration.split('\n').map((line) => line.trim());
  const columns: string[] = [];
  const [keys, unique, foreign, indexes]: [string[], string[], string[], string[]] = [[], [], [], []];
  for (const line of lines) {
    const [, kind, name = '', rest = ''] = /^(unique|foreign|index) ?(\w*): (.+)$/.exec(line) ?? [];
    const named = name === '' ? '' : `CONSTRAINT ${name} `;
    if (kind === 'unique') unique.push(`${named}UNIQUE (${list(rest)})`);
    else if (kind === 'foreign') foreign.push(named + foreignKey(rest));
    else if (kind === 'index') indexes.push(`CREATE INDEX ${name} ON ${table} (${list(rest)})`);
    else {
      const [column = '', type = '', ...words] = line.split(/ +/);
      columns.push(`${column} ${type}${words.includes('required') ? ' NOT NULL' : ''}`);
      if (words.includes('key')) keys.push(column);
    }
  }
  const body = [...columns, `PRIMARY KEY (${keys.join(', ')})`, ...unique, ...foreign];
  return [`CREATE TABLE ${table} (${body.map((line) => `\n\t${line}`).join(', ')}\n)`, ...indexes];
}

function foreignKey(text: string): string {
  const [own = '', target = ''] = text.split(' -> ');
  const [table = '', ...words] = target.split(' ');
  const columns = words.filter((word) => word !== 'cascade');
  const cascade = words.includes('cascade') ? ' ON DELETE CASCADE' : '';
  return `FOREIGN KEY(${list(own)}) REFERENCES ${table} (${columns.join(', ')})${cascade}`;
}

function list(columns: string): string {
  return columns.split(' ').join(', ');
}
