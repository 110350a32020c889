-- Autopack's tables on PostgreSQL, as SQLAlchemy creates them there from Autopack's models (src/autopack/models.py and
-- src/autopack/usage_recorder.py of February 2026, compiled by SQLAlchemy 1.4 for the dialect postgresql): the seven that
-- the product reads, and six of the others that hold rows of a run.

CREATE TYPE runstate AS ENUM (
  'QUEUED',
  'PLAN_BOOTSTRAP',
  'RUN_CREATED',
  'PHASE_QUEUEING',
  'PHASE_EXECUTION',
  'GATE',
  'CI_RUNNING',
  'SNAPSHOT_CREATED',
  'DONE_SUCCESS',
  'DONE_FAILED_BUDGET_EXHAUSTED',
  'DONE_FAILED_POLICY_VIOLATION',
  'DONE_FAILED_REQUIRES_HUMAN_REVIEW',
  'DONE_FAILED_ENVIRONMENT'
);

CREATE TYPE tierstate AS ENUM (
  'PENDING',
  'IN_PROGRESS',
  'COMPLETE',
  'FAILED',
  'SKIPPED'
);

CREATE TYPE phasestate AS ENUM (
  'QUEUED',
  'EXECUTING',
  'GATE',
  'CI_RUNNING',
  'COMPLETE',
  'FAILED',
  'SKIPPED'
);

CREATE TYPE phase_outcome AS ENUM (
  'SUCCESS',
  'FAILED',
  'TIMEOUT',
  'STUCK'
);

CREATE TABLE runs (
  id VARCHAR NOT NULL,
  state runstate NOT NULL,
  created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  updated_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  started_at TIMESTAMP WITHOUT TIME ZONE,
  completed_at TIMESTAMP WITHOUT TIME ZONE,
  safety_profile VARCHAR NOT NULL,
  run_scope VARCHAR NOT NULL,
  token_cap INTEGER NOT NULL,
  max_phases INTEGER NOT NULL,
  max_duration_minutes INTEGER NOT NULL,
  max_minor_issues_total INTEGER,
  tokens_used INTEGER NOT NULL,
  ci_runs_used INTEGER NOT NULL,
  minor_issues_count INTEGER NOT NULL,
  major_issues_count INTEGER NOT NULL,
  promotion_eligible_to_main VARCHAR NOT NULL,
  debt_status VARCHAR,
  failure_reason TEXT,
  goal_anchor TEXT,
  PRIMARY KEY (id)
);
CREATE INDEX ix_runs_id ON runs (id);
CREATE INDEX ix_runs_state_created ON runs (state, created_at);

CREATE TABLE decision_log (
  id SERIAL NOT NULL,
  run_id VARCHAR,
  phase_id VARCHAR,
  project_id VARCHAR,
  timestamp TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  trigger VARCHAR,
  alternatives TEXT,
  choice TEXT NOT NULL,
  rationale TEXT,
  vector_id VARCHAR,
  PRIMARY KEY (id)
);
CREATE INDEX ix_decision_log_run_id ON decision_log (run_id);
CREATE INDEX ix_decision_log_phase_id ON decision_log (phase_id);
CREATE INDEX ix_decision_log_id ON decision_log (id);
CREATE INDEX ix_decision_log_project_id ON decision_log (project_id);

CREATE TABLE phase_outcome_events (
  id SERIAL NOT NULL,
  run_id VARCHAR NOT NULL,
  phase_id VARCHAR NOT NULL,
  phase_type VARCHAR,
  phase_outcome phase_outcome NOT NULL,
  stop_reason VARCHAR,
  stuck_decision_rationale VARCHAR,
  tokens_used INTEGER,
  duration_seconds FLOAT,
  model_used VARCHAR,
  timestamp TIMESTAMP WITHOUT TIME ZONE,
  context_injected BOOLEAN,
  context_item_count INTEGER,
  PRIMARY KEY (id)
);
CREATE INDEX ix_phase_outcome_events_context_injected ON phase_outcome_events (context_injected);
CREATE INDEX ix_phase_outcome_events_phase_id ON phase_outcome_events (phase_id);
CREATE INDEX ix_phase_outcome_outcome ON phase_outcome_events (phase_outcome);
CREATE INDEX ix_phase_outcome_phase_type ON phase_outcome_events (phase_type);
CREATE INDEX ix_phase_outcome_events_run_id ON phase_outcome_events (run_id);
CREATE INDEX ix_phase_outcome_run_id ON phase_outcome_events (run_id);
CREATE INDEX ix_phase_outcome_phase_id ON phase_outcome_events (phase_id);
CREATE INDEX ix_phase_outcome_timestamp ON phase_outcome_events (timestamp);

CREATE TABLE execution_checkpoints (
  id SERIAL NOT NULL,
  timestamp TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  run_id VARCHAR(128) NOT NULL,
  candidate_id INTEGER,
  action VARCHAR(20) NOT NULL,
  path TEXT NOT NULL,
  size_bytes BIGINT,
  sha256 VARCHAR(128),
  status VARCHAR(20) NOT NULL,
  error TEXT,
  lock_type VARCHAR(50),
  retry_count INTEGER NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX ix_execution_checkpoints_timestamp ON execution_checkpoints (timestamp);
CREATE INDEX ix_execution_checkpoints_candidate_id ON execution_checkpoints (candidate_id);
CREATE INDEX ix_execution_checkpoints_id ON execution_checkpoints (id);
CREATE INDEX ix_execution_checkpoints_status ON execution_checkpoints (status);
CREATE INDEX ix_execution_checkpoints_run_id ON execution_checkpoints (run_id);
CREATE INDEX ix_execution_checkpoints_sha256 ON execution_checkpoints (sha256);

CREATE TABLE llm_usage_events (
  id SERIAL NOT NULL,
  provider VARCHAR NOT NULL,
  model VARCHAR NOT NULL,
  run_id VARCHAR,
  phase_id VARCHAR,
  role VARCHAR NOT NULL,
  total_tokens INTEGER NOT NULL,
  prompt_tokens INTEGER,
  completion_tokens INTEGER,
  created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  client_id VARCHAR,
  is_doctor_call BOOLEAN NOT NULL,
  doctor_model VARCHAR,
  doctor_action VARCHAR,
  phase_type VARCHAR,
  intent VARCHAR,
  PRIMARY KEY (id)
);
CREATE INDEX ix_client_created ON llm_usage_events (client_id, created_at);
CREATE INDEX ix_llm_usage_events_provider ON llm_usage_events (provider);
CREATE INDEX ix_llm_usage_events_phase_type ON llm_usage_events (phase_type);
CREATE INDEX ix_llm_usage_events_id ON llm_usage_events (id);
CREATE INDEX ix_llm_usage_events_model ON llm_usage_events (model);
CREATE INDEX ix_llm_usage_events_client_id ON llm_usage_events (client_id);
CREATE INDEX ix_llm_usage_events_is_doctor_call ON llm_usage_events (is_doctor_call);
CREATE INDEX ix_llm_usage_events_intent ON llm_usage_events (intent);
CREATE INDEX ix_llm_usage_events_run_id ON llm_usage_events (run_id);
CREATE INDEX ix_llm_usage_events_created_at ON llm_usage_events (created_at);

CREATE TABLE doctor_usage_stats (
  id SERIAL NOT NULL,
  run_id VARCHAR NOT NULL,
  doctor_calls_total INTEGER NOT NULL,
  doctor_cheap_calls INTEGER NOT NULL,
  doctor_strong_calls INTEGER NOT NULL,
  doctor_escalations INTEGER NOT NULL,
  doctor_actions JSON NOT NULL,
  created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  updated_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_doctor_usage_stats_run_id ON doctor_usage_stats (run_id);
CREATE INDEX ix_doctor_usage_stats_id ON doctor_usage_stats (id);

CREATE TABLE token_efficiency_metrics (
  id SERIAL NOT NULL,
  run_id VARCHAR NOT NULL,
  phase_id VARCHAR NOT NULL,
  artifact_substitutions INTEGER NOT NULL,
  tokens_saved_artifacts INTEGER NOT NULL,
  budget_mode VARCHAR NOT NULL,
  budget_used INTEGER NOT NULL,
  budget_cap INTEGER NOT NULL,
  files_kept INTEGER NOT NULL,
  files_omitted INTEGER NOT NULL,
  phase_outcome VARCHAR,
  embedding_cache_hits INTEGER,
  embedding_cache_misses INTEGER,
  embedding_calls_made INTEGER,
  embedding_cap_value INTEGER,
  embedding_fallback_reason VARCHAR,
  deliverables_count INTEGER,
  context_files_total INTEGER,
  created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX ix_token_efficiency_metrics_phase_outcome ON token_efficiency_metrics (phase_outcome);
CREATE INDEX ix_token_efficiency_metrics_run_id ON token_efficiency_metrics (run_id);
CREATE INDEX ix_token_efficiency_metrics_id ON token_efficiency_metrics (id);
CREATE INDEX ix_token_efficiency_metrics_phase_id ON token_efficiency_metrics (phase_id);
CREATE INDEX ix_token_efficiency_metrics_created_at ON token_efficiency_metrics (created_at);

CREATE TABLE tiers (
  id SERIAL NOT NULL,
  tier_id VARCHAR NOT NULL,
  run_id VARCHAR NOT NULL,
  tier_index INTEGER NOT NULL,
  name VARCHAR NOT NULL,
  description TEXT,
  state tierstate NOT NULL,
  token_cap INTEGER,
  ci_run_cap INTEGER,
  max_minor_issues_tolerated INTEGER,
  max_major_issues_tolerated INTEGER NOT NULL,
  tokens_used INTEGER NOT NULL,
  ci_runs_used INTEGER NOT NULL,
  minor_issues_count INTEGER NOT NULL,
  major_issues_count INTEGER NOT NULL,
  cleanliness VARCHAR NOT NULL,
  created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  updated_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  started_at TIMESTAMP WITHOUT TIME ZONE,
  completed_at TIMESTAMP WITHOUT TIME ZONE,
  PRIMARY KEY (id),
  FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE INDEX ix_tiers_tier_id ON tiers (tier_id);
CREATE INDEX ix_tiers_id ON tiers (id);

CREATE TABLE governance_requests (
  id SERIAL NOT NULL,
  request_id VARCHAR NOT NULL,
  run_id VARCHAR NOT NULL,
  phase_id VARCHAR NOT NULL,
  requested_paths TEXT NOT NULL,
  justification TEXT,
  risk_level VARCHAR,
  auto_approved BOOLEAN NOT NULL,
  approved BOOLEAN,
  approved_by VARCHAR,
  created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  PRIMARY KEY (id),
  FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE INDEX ix_governance_requests_approved ON governance_requests (approved);
CREATE INDEX ix_governance_requests_id ON governance_requests (id);
CREATE INDEX ix_governance_requests_phase_id ON governance_requests (phase_id);
CREATE INDEX ix_governance_requests_run_id ON governance_requests (run_id);
CREATE INDEX ix_governance_requests_created_at ON governance_requests (created_at);
CREATE UNIQUE INDEX ix_governance_requests_request_id ON governance_requests (request_id);

CREATE TABLE phases (
  id SERIAL NOT NULL,
  phase_id VARCHAR NOT NULL,
  run_id VARCHAR NOT NULL,
  tier_id INTEGER NOT NULL,
  phase_index INTEGER NOT NULL,
  name VARCHAR NOT NULL,
  description TEXT,
  state phasestate NOT NULL,
  task_category VARCHAR,
  complexity VARCHAR,
  builder_mode VARCHAR,
  phase_type VARCHAR,
  scope JSON,
  deployment_config JSON,
  max_builder_attempts INTEGER,
  max_auditor_attempts INTEGER,
  incident_token_cap INTEGER,
  builder_attempts INTEGER NOT NULL,
  auditor_attempts INTEGER NOT NULL,
  tokens_used INTEGER NOT NULL,
  minor_issues_count INTEGER NOT NULL,
  major_issues_count INTEGER NOT NULL,
  issue_state VARCHAR NOT NULL,
  quality_level VARCHAR,
  quality_blocked BOOLEAN NOT NULL,
  retry_attempt INTEGER NOT NULL,
  revision_epoch INTEGER NOT NULL,
  escalation_level INTEGER NOT NULL,
  last_attempt_timestamp TIMESTAMP WITHOUT TIME ZONE,
  last_failure_reason VARCHAR,
  created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  updated_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  started_at TIMESTAMP WITHOUT TIME ZONE,
  completed_at TIMESTAMP WITHOUT TIME ZONE,
  PRIMARY KEY (id),
  CONSTRAINT uq_phases_run_id_phase_id UNIQUE (run_id, phase_id),
  FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE,
  FOREIGN KEY(tier_id) REFERENCES tiers (id)
);
CREATE INDEX ix_phases_id ON phases (id);
CREATE INDEX ix_phases_phase_id ON phases (phase_id);
CREATE INDEX ix_phases_run_state ON phases (run_id, state);
CREATE INDEX ix_phases_state_started ON phases (state, started_at);
CREATE INDEX ix_phases_run_id ON phases (run_id);
CREATE INDEX ix_phases_state ON phases (state);

CREATE TABLE token_estimation_v2_events (
  event_id SERIAL NOT NULL,
  run_id VARCHAR NOT NULL,
  phase_id VARCHAR NOT NULL,
  timestamp TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  category VARCHAR NOT NULL,
  complexity VARCHAR NOT NULL,
  deliverable_count INTEGER NOT NULL,
  deliverables_json TEXT NOT NULL,
  predicted_output_tokens INTEGER NOT NULL,
  actual_output_tokens INTEGER NOT NULL,
  selected_budget INTEGER NOT NULL,
  actual_max_tokens INTEGER,
  success BOOLEAN NOT NULL,
  truncated BOOLEAN NOT NULL,
  stop_reason VARCHAR,
  model VARCHAR NOT NULL,
  smape_percent FLOAT,
  waste_ratio FLOAT,
  underestimated BOOLEAN,
  is_truncated_output BOOLEAN NOT NULL,
  api_reference_required BOOLEAN,
  examples_required BOOLEAN,
  research_required BOOLEAN,
  usage_guide_required BOOLEAN,
  context_quality VARCHAR,
  is_sot_file BOOLEAN,
  sot_file_name VARCHAR,
  sot_entry_count_hint INTEGER,
  created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  PRIMARY KEY (event_id),
  CONSTRAINT fk_token_est_v2_run_phase FOREIGN KEY(run_id, phase_id) REFERENCES phases (run_id, phase_id) ON DELETE CASCADE,
  FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE INDEX ix_token_estimation_v2_events_deliverable_count ON token_estimation_v2_events (deliverable_count);
CREATE INDEX ix_token_estimation_v2_events_truncated ON token_estimation_v2_events (truncated);
CREATE INDEX ix_token_estimation_v2_events_underestimated ON token_estimation_v2_events (underestimated);
CREATE INDEX ix_telemetry_run_category ON token_estimation_v2_events (run_id, category);
CREATE INDEX ix_token_estimation_v2_events_timestamp ON token_estimation_v2_events (timestamp);
CREATE INDEX ix_token_estimation_v2_events_is_truncated_output ON token_estimation_v2_events (is_truncated_output);
CREATE INDEX ix_token_estimation_v2_events_created_at ON token_estimation_v2_events (created_at);
CREATE INDEX ix_telemetry_category_timestamp ON token_estimation_v2_events (category, timestamp);
CREATE INDEX ix_token_estimation_v2_events_complexity ON token_estimation_v2_events (complexity);
CREATE INDEX ix_token_estimation_v2_events_success ON token_estimation_v2_events (success);
CREATE INDEX ix_token_estimation_v2_events_category ON token_estimation_v2_events (category);
CREATE INDEX ix_token_estimation_v2_events_run_id ON token_estimation_v2_events (run_id);
CREATE INDEX ix_token_estimation_v2_events_event_id ON token_estimation_v2_events (event_id);
CREATE INDEX ix_token_estimation_v2_events_phase_id ON token_estimation_v2_events (phase_id);

CREATE TABLE token_budget_escalation_events (
  event_id SERIAL NOT NULL,
  run_id VARCHAR NOT NULL,
  phase_id VARCHAR NOT NULL,
  timestamp TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  attempt_index INTEGER NOT NULL,
  reason VARCHAR NOT NULL,
  was_truncated BOOLEAN NOT NULL,
  output_utilization FLOAT,
  escalation_factor FLOAT NOT NULL,
  base_value INTEGER NOT NULL,
  base_source VARCHAR NOT NULL,
  retry_max_tokens INTEGER NOT NULL,
  selected_budget INTEGER,
  actual_max_tokens INTEGER,
  tokens_used INTEGER,
  PRIMARY KEY (event_id),
  CONSTRAINT fk_token_budget_escalation_run_phase FOREIGN KEY(run_id, phase_id) REFERENCES phases (run_id, phase_id) ON DELETE CASCADE,
  FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE INDEX ix_token_budget_escalation_events_timestamp ON token_budget_escalation_events (timestamp);
CREATE INDEX ix_token_budget_escalation_events_run_id ON token_budget_escalation_events (run_id);
CREATE INDEX ix_token_budget_escalation_events_event_id ON token_budget_escalation_events (event_id);
CREATE INDEX ix_escalation_run_timestamp ON token_budget_escalation_events (run_id, timestamp);
CREATE INDEX ix_token_budget_escalation_events_phase_id ON token_budget_escalation_events (phase_id);
CREATE INDEX ix_escalation_reason_timestamp ON token_budget_escalation_events (reason, timestamp);

CREATE TABLE doctor_outcome_events (
  id SERIAL NOT NULL,
  run_id VARCHAR NOT NULL,
  phase_id VARCHAR NOT NULL,
  timestamp TIMESTAMP WITHOUT TIME ZONE NOT NULL,
  error_category VARCHAR NOT NULL,
  builder_attempts INTEGER NOT NULL,
  doctor_action VARCHAR NOT NULL,
  doctor_rationale VARCHAR,
  doctor_confidence FLOAT,
  builder_hint_provided BOOLEAN NOT NULL,
  recommendation_followed BOOLEAN NOT NULL,
  phase_succeeded_after_doctor BOOLEAN,
  attempts_after_doctor INTEGER,
  final_phase_outcome VARCHAR,
  doctor_tokens_used INTEGER,
  model_used VARCHAR,
  PRIMARY KEY (id),
  CONSTRAINT fk_doctor_outcome_run_phase FOREIGN KEY(run_id, phase_id) REFERENCES phases (run_id, phase_id) ON DELETE CASCADE
);
CREATE INDEX ix_doctor_outcome_action ON doctor_outcome_events (doctor_action);
CREATE INDEX ix_doctor_outcome_events_run_id ON doctor_outcome_events (run_id);
CREATE INDEX ix_doctor_outcome_success ON doctor_outcome_events (phase_succeeded_after_doctor);
CREATE INDEX ix_doctor_outcome_events_timestamp ON doctor_outcome_events (timestamp);
CREATE INDEX ix_doctor_outcome_run_id ON doctor_outcome_events (run_id);
CREATE INDEX ix_doctor_outcome_events_id ON doctor_outcome_events (id);
CREATE INDEX ix_doctor_outcome_events_recommendation_followed ON doctor_outcome_events (recommendation_followed);
CREATE INDEX ix_doctor_outcome_phase_id ON doctor_outcome_events (phase_id);
CREATE INDEX ix_doctor_outcome_timestamp ON doctor_outcome_events (timestamp);
CREATE INDEX ix_doctor_outcome_events_phase_id ON doctor_outcome_events (phase_id);
CREATE INDEX ix_doctor_outcome_events_phase_succeeded_after_doctor ON doctor_outcome_events (phase_succeeded_after_doctor);
CREATE INDEX ix_doctor_outcome_events_doctor_action ON doctor_outcome_events (doctor_action);
