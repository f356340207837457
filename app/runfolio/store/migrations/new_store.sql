BEGIN IMMEDIATE;
PRAGMA application_id=1382444908;
PRAGMA user_version=16;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE counters (
	name VARCHAR(40) NOT NULL,
	value BIGINT NOT NULL,
	PRIMARY KEY (name)
);
CREATE TABLE keys (
	id INTEGER NOT NULL,
	name VARCHAR(250) NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (name)
);
CREATE TABLE journals (
	id VARCHAR(32) NOT NULL,
	points_done BIGINT NOT NULL,
	events_done BIGINT NOT NULL,
	damaged BIGINT NOT NULL,
	finished BOOLEAN NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE experiments (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	name VARCHAR(500) NOT NULL,
	lifecycle_stage VARCHAR(10) NOT NULL,
	creation_time BIGINT NOT NULL,
	last_update_time BIGINT NOT NULL,
	revision BIGINT NOT NULL, deleted_time BIGINT, runs INTEGER DEFAULT '0' NOT NULL, running INTEGER DEFAULT '0' NOT NULL,
	UNIQUE (name)
);
CREATE TABLE runs (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	run_uuid VARCHAR(255) NOT NULL,
	experiment_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	status VARCHAR(10) NOT NULL,
	start_time BIGINT NOT NULL,
	end_time BIGINT,
	last_seen BIGINT NOT NULL,
	lifecycle_stage VARCHAR(10) NOT NULL,
	parent_uuid VARCHAR(255),
	user_name VARCHAR(255) NOT NULL,
	source_name TEXT NOT NULL,
	journal VARCHAR(32),
	revision BIGINT NOT NULL, deleted_time BIGINT, moved BIGINT,
	UNIQUE (run_uuid),
	FOREIGN KEY(experiment_id) REFERENCES experiments (id)
);
CREATE TABLE params (
	run_id INTEGER NOT NULL,
	key_id INTEGER NOT NULL,
	value TEXT NOT NULL,
	number FLOAT,
	PRIMARY KEY (run_id, key_id),
	FOREIGN KEY(run_id) REFERENCES runs (id),
	FOREIGN KEY(key_id) REFERENCES keys (id)
)
 WITHOUT ROWID

;
CREATE TABLE tags (
	run_id INTEGER NOT NULL,
	key_id INTEGER NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (run_id, key_id),
	FOREIGN KEY(run_id) REFERENCES runs (id),
	FOREIGN KEY(key_id) REFERENCES keys (id)
)
 WITHOUT ROWID

;
CREATE TABLE series (
	id INTEGER NOT NULL,
	run_id INTEGER NOT NULL,
	key_id INTEGER NOT NULL,
	count BIGINT NOT NULL,
	appends BIGINT NOT NULL,
	non_finite BIGINT NOT NULL,
	total FLOAT,
	first_value FLOAT,
	first_step BIGINT NOT NULL,
	first_time BIGINT NOT NULL,
	last_value FLOAT,
	last_step BIGINT NOT NULL,
	last_time BIGINT NOT NULL,
	min_value FLOAT,
	min_step BIGINT,
	min_time BIGINT,
	max_value FLOAT,
	max_step BIGINT,
	max_time BIGINT,
	revision BIGINT NOT NULL, mean FLOAT GENERATED ALWAYS AS (total / nullif(count - non_finite, 0)),
	PRIMARY KEY (id),
	FOREIGN KEY(run_id) REFERENCES runs (id),
	FOREIGN KEY(key_id) REFERENCES keys (id)
);
CREATE TABLE chunks (
	series_id INTEGER NOT NULL,
	start BIGINT NOT NULL,
	count INTEGER NOT NULL,
	ordered BOOLEAN NOT NULL,
	first_step BIGINT NOT NULL,
	last_step BIGINT NOT NULL,
	low_step BIGINT,
	high_step BIGINT,
	first_value FLOAT,
	low_value FLOAT,
	high_value FLOAT,
	last_value FLOAT,
	non_finite INTEGER NOT NULL,
	envelope BLOB,
	data BLOB NOT NULL,
	PRIMARY KEY (series_id, start),
	FOREIGN KEY(series_id) REFERENCES series (id)
);
CREATE TABLE artifacts (
	run_id INTEGER NOT NULL,
	path TEXT NOT NULL,
	size BIGINT NOT NULL,
	time BIGINT NOT NULL, sha256 VARCHAR(64), media_type VARCHAR(127),
	PRIMARY KEY (run_id, path),
	FOREIGN KEY(run_id) REFERENCES runs (id)
)
 WITHOUT ROWID

;
CREATE TABLE experiment_tags (
	experiment_id INTEGER NOT NULL,
	key_id INTEGER NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (experiment_id, key_id),
	FOREIGN KEY(experiment_id) REFERENCES experiments (id),
	FOREIGN KEY(key_id) REFERENCES keys (id)
);
CREATE TABLE long_values (
	table_name VARCHAR(20) NOT NULL,
	owner_id INTEGER NOT NULL,
	key_id INTEGER NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (table_name, owner_id, key_id),
	FOREIGN KEY(key_id) REFERENCES keys (id)
);
CREATE TABLE param_history (
	id INTEGER NOT NULL,
	run_id INTEGER NOT NULL,
	key_id INTEGER NOT NULL,
	old_value TEXT NOT NULL,
	new_value TEXT NOT NULL,
	time BIGINT NOT NULL,
	refused BOOLEAN NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(run_id) REFERENCES runs (id),
	FOREIGN KEY(key_id) REFERENCES keys (id)
);
CREATE TABLE datasets (
	id INTEGER NOT NULL,
	experiment_id INTEGER NOT NULL,
	name VARCHAR(500) NOT NULL,
	digest VARCHAR(36) NOT NULL,
	source_type VARCHAR(36) NOT NULL,
	source TEXT NOT NULL,
	schema TEXT,
	profile TEXT,
	PRIMARY KEY (id),
	FOREIGN KEY(experiment_id) REFERENCES experiments (id)
);
CREATE TABLE inputs (
	id INTEGER NOT NULL,
	run_id INTEGER NOT NULL,
	dataset_id INTEGER NOT NULL,
	context VARCHAR(500) NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(run_id) REFERENCES runs (id),
	FOREIGN KEY(dataset_id) REFERENCES datasets (id)
);
CREATE TABLE input_tags (
	input_id INTEGER NOT NULL,
	name VARCHAR(255) NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (input_id, name),
	FOREIGN KEY(input_id) REFERENCES inputs (id)
);
CREATE TABLE writers (
	run_id INTEGER NOT NULL,
	journal VARCHAR(32) NOT NULL,
	status VARCHAR(10),
	PRIMARY KEY (run_id, journal),
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
CREATE TABLE removals (
	run_uuid VARCHAR(255) NOT NULL,
	time BIGINT NOT NULL,
	PRIMARY KEY (run_uuid)
);
CREATE TABLE views (
	id INTEGER NOT NULL,
	name VARCHAR(250) NOT NULL,
	text TEXT NOT NULL,
	creation_time BIGINT NOT NULL,
	last_update_time BIGINT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (name)
);
CREATE TABLE run_colors (
	run_id INTEGER NOT NULL,
	color INTEGER NOT NULL,
	PRIMARY KEY (run_id),
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
CREATE TABLE checked (
	run_id INTEGER NOT NULL,
	seen BIGINT NOT NULL,
	version INTEGER NOT NULL,
	signature VARCHAR(32) NOT NULL,
	revision BIGINT NOT NULL,
	PRIMARY KEY (run_id),
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
CREATE TABLE findings (
	run_id INTEGER NOT NULL,
	name VARCHAR(20) NOT NULL,
	tone VARCHAR(4) NOT NULL,
	text TEXT NOT NULL,
	metric VARCHAR(250) NOT NULL,
	step BIGINT,
	PRIMARY KEY (run_id, name),
	FOREIGN KEY(run_id) REFERENCES runs (id)
)
 WITHOUT ROWID

;
CREATE TABLE mutes (
	run_id INTEGER NOT NULL,
	name VARCHAR(20) NOT NULL,
	PRIMARY KEY (run_id, name)
);
CREATE TABLE used_keys (
	experiment_id INTEGER NOT NULL,
	table_name VARCHAR(10) NOT NULL,
	key_id INTEGER NOT NULL,
	runs INTEGER NOT NULL,
	numbers INTEGER NOT NULL,
	PRIMARY KEY (experiment_id, table_name, key_id),
	FOREIGN KEY(experiment_id) REFERENCES experiments (id) ON DELETE CASCADE,
	FOREIGN KEY(key_id) REFERENCES keys (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
CREATE TABLE annotations (
	id INTEGER NOT NULL,
	run_id INTEGER NOT NULL,
	metric VARCHAR(250) NOT NULL,
	first_step BIGINT NOT NULL,
	last_step BIGINT NOT NULL,
	text TEXT NOT NULL,
	creation_time BIGINT NOT NULL,
	last_update_time BIGINT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
CREATE TABLE trashed_files (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	run_uuid VARCHAR(255) NOT NULL,
	path TEXT NOT NULL,
	size BIGINT NOT NULL,
	time BIGINT NOT NULL,
	sha256 VARCHAR(64),
	listed BOOLEAN NOT NULL,
	place BIGINT NOT NULL,
	deleted_time BIGINT NOT NULL
);
CREATE TABLE registered_models (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	name VARCHAR(250) NOT NULL,
	folder VARCHAR(250) NOT NULL,
	description TEXT NOT NULL,
	policy TEXT NOT NULL,
	creation_time BIGINT NOT NULL,
	last_update_time BIGINT NOT NULL,
	next_version BIGINT NOT NULL,
	revision BIGINT NOT NULL,
	deleted_time BIGINT,
	UNIQUE (name),
	UNIQUE (folder)
);
CREATE TABLE model_versions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	model_id INTEGER NOT NULL,
	version BIGINT NOT NULL,
	stage VARCHAR(40) NOT NULL,
	stage_time BIGINT NOT NULL,
	description TEXT NOT NULL,
	creation_time BIGINT NOT NULL,
	last_update_time BIGINT NOT NULL,
	user_name VARCHAR(255) NOT NULL,
	source TEXT NOT NULL,
	run_uuid VARCHAR(255) NOT NULL,
	run_link TEXT NOT NULL,
	size BIGINT NOT NULL,
	digest VARCHAR(64) NOT NULL,
	facts TEXT NOT NULL,
	metrics TEXT NOT NULL,
	params TEXT NOT NULL,
	revision BIGINT NOT NULL,
	deleted_time BIGINT,
	FOREIGN KEY(model_id) REFERENCES registered_models (id)
);
CREATE TABLE version_files (
	version_id INTEGER NOT NULL,
	path TEXT NOT NULL,
	size BIGINT NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	PRIMARY KEY (version_id, path),
	FOREIGN KEY(version_id) REFERENCES model_versions (id)
)
 WITHOUT ROWID

;
CREATE TABLE model_tags (
	model_id INTEGER NOT NULL,
	name VARCHAR(250) NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (model_id, name),
	FOREIGN KEY(model_id) REFERENCES registered_models (id)
)
 WITHOUT ROWID

;
CREATE TABLE version_tags (
	version_id INTEGER NOT NULL,
	name VARCHAR(250) NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (version_id, name),
	FOREIGN KEY(version_id) REFERENCES model_versions (id)
)
 WITHOUT ROWID

;
CREATE TABLE model_aliases (
	model_id INTEGER NOT NULL,
	alias VARCHAR(250) NOT NULL,
	version_id INTEGER NOT NULL,
	PRIMARY KEY (model_id, alias),
	FOREIGN KEY(model_id) REFERENCES registered_models (id),
	FOREIGN KEY(version_id) REFERENCES model_versions (id)
)
 WITHOUT ROWID

;
CREATE TABLE audit (
	number INTEGER NOT NULL,
	time BIGINT NOT NULL,
	user_name VARCHAR(255) NOT NULL,
	action VARCHAR(20) NOT NULL,
	model VARCHAR(250) NOT NULL,
	version BIGINT,
	data TEXT NOT NULL,
	previous VARCHAR(64) NOT NULL,
	hash VARCHAR(64) NOT NULL,
	PRIMARY KEY (number)
);
CREATE TABLE audit_head (
	id INTEGER NOT NULL,
	number INTEGER NOT NULL,
	hash VARCHAR(64) NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE deliveries (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	entry INTEGER NOT NULL,
	target TEXT NOT NULL,
	state VARCHAR(10) NOT NULL,
	attempts INTEGER NOT NULL,
	next_time BIGINT NOT NULL,
	told TEXT NOT NULL,
	FOREIGN KEY(entry) REFERENCES audit (number)
);
CREATE TABLE jobs (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	kind VARCHAR(20) NOT NULL,
	title TEXT NOT NULL,
	state VARCHAR(20) NOT NULL,
	request TEXT NOT NULL,
	place FLOAT NOT NULL,
	created BIGINT NOT NULL,
	started BIGINT,
	ended BIGINT,
	run_uuid VARCHAR(255) NOT NULL,
	reason TEXT NOT NULL,
	exit_code INTEGER,
	attempts INTEGER NOT NULL,
	cancelling BOOLEAN NOT NULL,
	process BIGINT,
	process_started FLOAT,
	revision BIGINT NOT NULL
, mark VARCHAR(64));
CREATE TABLE queue_settings (
	id INTEGER NOT NULL,
	paused BOOLEAN NOT NULL,
	jobs INTEGER NOT NULL,
	cpu FLOAT NOT NULL,
	memory_gb FLOAT NOT NULL,
	gpu INTEGER NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE sweeps (
	run_id INTEGER NOT NULL,
	specification TEXT NOT NULL,
	request TEXT NOT NULL,
	revision BIGINT NOT NULL,
	PRIMARY KEY (run_id),
	FOREIGN KEY(run_id) REFERENCES runs (id)
);
CREATE TABLE trials (
	run_id INTEGER NOT NULL,
	number INTEGER NOT NULL,
	parameters TEXT NOT NULL,
	state VARCHAR(20) NOT NULL,
	value FLOAT,
	run_uuid VARCHAR(255) NOT NULL,
	reason TEXT NOT NULL,
	attempts INTEGER NOT NULL,
	started BIGINT NOT NULL,
	ended BIGINT,
	revision BIGINT NOT NULL,
	PRIMARY KEY (run_id, number),
	FOREIGN KEY(run_id) REFERENCES runs (id)
)
 WITHOUT ROWID

;
CREATE TABLE projects (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	uri VARCHAR(2000) NOT NULL,
	title VARCHAR(500) NOT NULL,
	pinned BOOLEAN NOT NULL,
	used_time BIGINT NOT NULL,
	revision BIGINT NOT NULL,
	UNIQUE (uri)
);
CREATE INDEX runs_by_experiment ON runs (experiment_id, lifecycle_stage, start_time);
CREATE INDEX runs_by_revision ON runs (revision);
CREATE UNIQUE INDEX series_of_run ON series (run_id, key_id);
CREATE INDEX param_history_of_run ON param_history (run_id, key_id);
CREATE UNIQUE INDEX datasets_by_name ON datasets (experiment_id, name, digest);
CREATE UNIQUE INDEX inputs_of_run ON inputs (run_id, dataset_id, context);
CREATE INDEX inputs_by_dataset ON inputs (dataset_id);
CREATE INDEX writers_by_journal ON writers (journal);
CREATE INDEX checked_by_revision ON checked (revision);
CREATE INDEX checked_by_signature ON checked (signature);
CREATE INDEX findings_by_name ON findings (name, tone, run_id);
CREATE INDEX runs_by_name ON runs (lower(name), name);
CREATE INDEX runs_by_start ON runs (lifecycle_stage, start_time, id, experiment_id);
CREATE INDEX params_by_value ON params (key_id, number, value);
CREATE INDEX tags_by_value ON tags (key_id, value);
CREATE INDEX series_by_min ON series (key_id, min_value, run_id);
CREATE INDEX series_by_max ON series (key_id, max_value, run_id);
CREATE INDEX runs_by_parent ON runs (parent_uuid, experiment_id, lifecycle_stage, start_time) WHERE parent_uuid IS NOT NULL;
CREATE INDEX series_by_last ON series (key_id, last_value, run_id);
CREATE INDEX series_by_mean ON series (key_id, mean, run_id);
CREATE INDEX annotations_of_run ON annotations (run_id, metric);
CREATE INDEX chunk_outlines ON chunks (series_id, start, count, ordered, non_finite, first_step, low_step, high_step, last_step, first_value, low_value, high_value, last_value) WHERE envelope IS NOT NULL;
CREATE INDEX trashed_files_of_run ON trashed_files (run_uuid, deleted_time);
CREATE UNIQUE INDEX versions_of_model ON model_versions (model_id, version);
CREATE INDEX versions_by_run ON model_versions (run_uuid);
CREATE INDEX aliases_of_version ON model_aliases (version_id);
CREATE INDEX audit_of_model ON audit (model, number);
CREATE INDEX deliveries_by_state ON deliveries (state, next_time);
CREATE INDEX jobs_in_order ON jobs (state, place);
CREATE INDEX jobs_by_run ON jobs (run_uuid);
CREATE TRIGGER params_insert_counted AFTER INSERT ON params BEGIN INSERT INTO used_keys SELECT experiment_id, 'params', NEW.key_id, 1, (NEW.number IS NOT NULL) FROM runs WHERE id = NEW.run_id AND lifecycle_stage = 'active' ON CONFLICT (experiment_id, table_name, key_id)
    DO UPDATE SET runs = runs + excluded.runs, numbers = numbers + excluded.numbers; END;
CREATE TRIGGER params_delete_counted AFTER DELETE ON params BEGIN INSERT INTO used_keys SELECT experiment_id, 'params', OLD.key_id, -1, -(OLD.number IS NOT NULL) FROM runs WHERE id = OLD.run_id AND lifecycle_stage = 'active' ON CONFLICT (experiment_id, table_name, key_id)
    DO UPDATE SET runs = runs + excluded.runs, numbers = numbers + excluded.numbers; END;
CREATE TRIGGER params_update_counted AFTER UPDATE OF number ON params WHEN (OLD.number IS NULL) <> (NEW.number IS NULL) BEGIN UPDATE used_keys SET numbers = numbers + CASE WHEN NEW.number IS NULL THEN -1 ELSE 1 END WHERE table_name = 'params' AND key_id = NEW.key_id AND experiment_id = (SELECT experiment_id FROM runs WHERE id = NEW.run_id AND lifecycle_stage = 'active'); END;
CREATE TRIGGER tags_insert_counted AFTER INSERT ON tags BEGIN INSERT INTO used_keys SELECT experiment_id, 'tags', NEW.key_id, 1, (0) FROM runs WHERE id = NEW.run_id AND lifecycle_stage = 'active' ON CONFLICT (experiment_id, table_name, key_id)
    DO UPDATE SET runs = runs + excluded.runs, numbers = numbers + excluded.numbers; END;
CREATE TRIGGER tags_delete_counted AFTER DELETE ON tags BEGIN INSERT INTO used_keys SELECT experiment_id, 'tags', OLD.key_id, -1, -(0) FROM runs WHERE id = OLD.run_id AND lifecycle_stage = 'active' ON CONFLICT (experiment_id, table_name, key_id)
    DO UPDATE SET runs = runs + excluded.runs, numbers = numbers + excluded.numbers; END;
CREATE TRIGGER series_insert_counted AFTER INSERT ON series BEGIN INSERT INTO used_keys SELECT experiment_id, 'series', NEW.key_id, 1, (0) FROM runs WHERE id = NEW.run_id AND lifecycle_stage = 'active' ON CONFLICT (experiment_id, table_name, key_id)
    DO UPDATE SET runs = runs + excluded.runs, numbers = numbers + excluded.numbers; END;
CREATE TRIGGER series_delete_counted AFTER DELETE ON series BEGIN INSERT INTO used_keys SELECT experiment_id, 'series', OLD.key_id, -1, -(0) FROM runs WHERE id = OLD.run_id AND lifecycle_stage = 'active' ON CONFLICT (experiment_id, table_name, key_id)
    DO UPDATE SET runs = runs + excluded.runs, numbers = numbers + excluded.numbers; END;
CREATE TRIGGER runs_keys_counted AFTER UPDATE OF experiment_id, lifecycle_stage ON runs WHEN OLD.experiment_id <> NEW.experiment_id OR OLD.lifecycle_stage <> NEW.lifecycle_stage BEGIN INSERT INTO used_keys SELECT OLD.experiment_id, 'params', key_id, -1, -(params.number IS NOT NULL) FROM params WHERE run_id = OLD.id AND OLD.lifecycle_stage = 'active' ON CONFLICT (experiment_id, table_name, key_id)
    DO UPDATE SET runs = runs + excluded.runs, numbers = numbers + excluded.numbers; INSERT INTO used_keys SELECT NEW.experiment_id, 'params', key_id, 1, (params.number IS NOT NULL) FROM params WHERE run_id = NEW.id AND NEW.lifecycle_stage = 'active' ON CONFLICT (experiment_id, table_name, key_id)
    DO UPDATE SET runs = runs + excluded.runs, numbers = numbers + excluded.numbers; INSERT INTO used_keys SELECT OLD.experiment_id, 'tags', key_id, -1, -(0) FROM tags WHERE run_id = OLD.id AND OLD.lifecycle_stage = 'active' ON CONFLICT (experiment_id, table_name, key_id)
    DO UPDATE SET runs = runs + excluded.runs, numbers = numbers + excluded.numbers; INSERT INTO used_keys SELECT NEW.experiment_id, 'tags', key_id, 1, (0) FROM tags WHERE run_id = NEW.id AND NEW.lifecycle_stage = 'active' ON CONFLICT (experiment_id, table_name, key_id)
    DO UPDATE SET runs = runs + excluded.runs, numbers = numbers + excluded.numbers; INSERT INTO used_keys SELECT OLD.experiment_id, 'series', key_id, -1, -(0) FROM series WHERE run_id = OLD.id AND OLD.lifecycle_stage = 'active' ON CONFLICT (experiment_id, table_name, key_id)
    DO UPDATE SET runs = runs + excluded.runs, numbers = numbers + excluded.numbers; INSERT INTO used_keys SELECT NEW.experiment_id, 'series', key_id, 1, (0) FROM series WHERE run_id = NEW.id AND NEW.lifecycle_stage = 'active' ON CONFLICT (experiment_id, table_name, key_id)
    DO UPDATE SET runs = runs + excluded.runs, numbers = numbers + excluded.numbers; END;
CREATE TRIGGER runs_insert_counted AFTER INSERT ON runs BEGIN UPDATE experiments SET runs = runs + 1, running = running + (NEW.status = 'RUNNING') WHERE id = NEW.experiment_id AND NEW.lifecycle_stage = 'active'; END;
CREATE TRIGGER runs_delete_counted AFTER DELETE ON runs BEGIN UPDATE experiments SET runs = runs - 1, running = running - (OLD.status = 'RUNNING') WHERE id = OLD.experiment_id AND OLD.lifecycle_stage = 'active'; END;
CREATE TRIGGER runs_update_counted AFTER UPDATE OF experiment_id, lifecycle_stage, status ON runs WHEN OLD.experiment_id <> NEW.experiment_id OR OLD.lifecycle_stage <> NEW.lifecycle_stage OR OLD.status <> NEW.status BEGIN UPDATE experiments SET runs = runs - 1, running = running - (OLD.status = 'RUNNING') WHERE id = OLD.experiment_id AND OLD.lifecycle_stage = 'active'; UPDATE experiments SET runs = runs + 1, running = running + (NEW.status = 'RUNNING') WHERE id = NEW.experiment_id AND NEW.lifecycle_stage = 'active'; END;
CREATE TRIGGER audit_update_refused BEFORE update ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_delete_refused BEFORE delete ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
INSERT INTO alembic_version VALUES ('0016');
INSERT INTO counters VALUES ('revision', 0);
COMMIT;
