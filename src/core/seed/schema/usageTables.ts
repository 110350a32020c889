import type { ReferenceTable } from './referenceTable.ts';

/** One row a model call: the tokens billed. */
export const llmUsageEventsTable: ReferenceTable = {
  name: 'llm_usage_events',
  columns: {
    id: 'INTEGER NOT NULL',
    provider: 'VARCHAR NOT NULL',
    model: 'VARCHAR NOT NULL',
    run_id: 'VARCHAR',
    phase_id: 'VARCHAR',
    role: 'VARCHAR NOT NULL',
    total_tokens: 'INTEGER NOT NULL',
    prompt_tokens: 'INTEGER',
    completion_tokens: 'INTEGER',
    created_at: 'DATETIME NOT NULL',
    client_id: 'VARCHAR',
    is_doctor_call: 'BOOLEAN NOT NULL',
    doctor_model: 'VARCHAR',
    doctor_action: 'VARCHAR',
    phase_type: 'VARCHAR',
    intent: 'VARCHAR',
  },
  constraints: ['PRIMARY KEY (id)'],
  indexes: {
    ix_llm_usage_events_provider: ['provider'],
    ix_llm_usage_events_created_at: ['created_at'],
    ix_llm_usage_events_client_id: ['client_id'],
    ix_llm_usage_events_is_doctor_call: ['is_doctor_call'],
    ix_llm_usage_events_intent: ['intent'],
    ix_llm_usage_events_model: ['model'],
    ix_client_created: ['client_id', 'created_at'],
    ix_llm_usage_events_run_id: ['run_id'],
    ix_llm_usage_events_phase_type: ['phase_type'],
    ix_llm_usage_events_id: ['id'],
  },
};

/** How phases ended, and why. */
export const phaseOutcomeEventsTable: ReferenceTable = {
  name: 'phase_outcome_events',
  columns: {
    id: 'INTEGER NOT NULL',
    run_id: 'VARCHAR NOT NULL',
    phase_id: 'VARCHAR NOT NULL',
    phase_type: 'VARCHAR',
    phase_outcome: 'VARCHAR(7) NOT NULL',
    stop_reason: 'VARCHAR',
    stuck_decision_rationale: 'VARCHAR',
    tokens_used: 'INTEGER',
    duration_seconds: 'FLOAT',
    model_used: 'VARCHAR',
    timestamp: 'DATETIME',
    context_injected: 'BOOLEAN',
    context_item_count: 'INTEGER',
  },
  constraints: ['PRIMARY KEY (id)'],
  indexes: {
    ix_phase_outcome_run_id: ['run_id'],
    ix_phase_outcome_phase_id: ['phase_id'],
    ix_phase_outcome_events_run_id: ['run_id'],
    ix_phase_outcome_timestamp: ['timestamp'],
    ix_phase_outcome_events_phase_id: ['phase_id'],
    ix_phase_outcome_events_context_injected: ['context_injected'],
    ix_phase_outcome_outcome: ['phase_outcome'],
    ix_phase_outcome_phase_type: ['phase_type'],
  },
};
