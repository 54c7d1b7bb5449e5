{#
    Every key of an entity spec: what its value is, the default, what may be said of it, and the text of docs/spec.md. The checks, their
    messages, the tables of docs/spec.md and the JSON schema of `dbt-dedup schema` are made from it.

    A key has `is`, the kind of its value (_expected says them in words, _is_allowed checks them), and `about`, its description. It may
    have `required`; `default` (none without it); `of`, the choices of a kind `choice`; `from`, the least number; `auto`, whether the
    text auto is allowed too; `each`, the group of the keys inside; and `otherwise`, what the docs say instead of the default.
#}
{% macro spec_keys() %}
    {{- return({
        'entity': {
            'input': {
                'is': 'table or source', 'required': true,
                'about': 'the table: the name of a model, seed or snapshot (`raw_customers`), or `[source, table]` of a dbt source. Give the '
                    ~ 'columns of a seed the type `varchar`: dbt reads `02139` as a number otherwise',
            },
            'record_id': {
                'is': 'column', 'required': true,
                'about': 'column with the id of a record; unique and never null',
            },
            'source': {
                'is': 'column',
                'about': 'column that names the source system of a record',
            },
            'source_mode': {
                'is': 'choice', 'of': ['both', 'link_only', 'dedupe_only'], 'default': 'both',
                'about': 'which pairs may be proposed: `both`; `link_only`, between different sources; `dedupe_only`, inside one source. The '
                    ~ 'last two need `source`',
            },
            'source_priority': {
                'is': 'sources', 'default': [],
                'about': 'list of different source systems from the most to the least trusted, for survivorship; sources that are not in the '
                    ~ 'list come last',
            },
            'updated_at': {
                'is': 'column',
                'about': 'column with the time of the last change, in ISO 8601 or any layout that [`date`](#date) reads, in the `date_order` '
                    ~ 'of the first field of that type, with a time of day. A time with an offset is taken to UTC. One that cannot be read '
                    ~ 'is a quality issue, and its record counts as the oldest',
            },
            'fields': {
                'is': 'fields', 'required': true, 'default': {},
                'about': 'the columns and their meaning, see [below](#options-of-a-field)',
            },
            'blocking': {
                'is': 'rules', 'required': true, 'default': [],
                'about': 'the blocking rules, see [below](#blocking-rules)',
            },
            'max_block_size': {
                'is': 'whole number', 'from': 2, 'default': 1000,
                'about': 'larger blocks propose only [what divides them](block.md#blocks-that-are-too-large); a whole number from 2',
            },
            'max_pairs': {
                'is': 'whole number', 'from': 2, 'default': 100000000,
                'about': 'the build stops if blocking proposes more pairs; a whole number from 2',
            },
            'random_pairs': {
                'is': 'whole number', 'from': 2, 'default': 200000,
                'about': 'about how many random pairs of records `dbt-dedup train --no-labels` reads; a whole number from 2. More pairs '
                    ~ 'distinguish rarer agreements',
            },
            'features': {
                'is': 'list', 'each': 'feature', 'default': [],
                'about': 'features in addition to those of the types, see [below](#features-of-your-own)',
            },
            'labels': {
                'is': 'table',
                'about': 'name of the seed or model with labelled pairs: `record_id_l`, `record_id_r`, `label` (`match`, `no_match` or '
                    ~ '`unsure`), and optionally `sampled_by`, how the pair was chosen (`random` means a random sample of the candidate '
                    ~ 'pairs), and `sampling_weight`, how many pairs it represents. Training, the decisions on these very pairs, the check '
                    ~ 'of precision and recall, and the label metrics read it',
            },
            'overrides': {
                'is': 'table',
                'about': 'name of the seed or model with what people decided over the model: `override_id`, `action` (`must_link`, '
                    ~ '`cannot_link`, `pin` or `undo`), `record_id_l`, `record_id_r`, `field`, `value`, `undoes`, `decided_by`, '
                    ~ '`decided_at`, `reason` ([resolve](resolve.md#what-overrules-the-model))',
            },
            'truth': {
                'is': 'table',
                'about': 'name of the seed or model with the true entity of each record: `record_id`, `entity_id`. Only the metrics read it',
            },
            'truth_values': {
                'is': 'table',
                'about': 'name of the seed or model with the right values of each true entity: `entity_id`, and the columns of the input that '
                    ~ 'have one; several right values of a column are separated by `|`. Needs `truth`. Only the metrics read it',
            },
            'models_dir': {
                'is': 'folder', 'default': 'dedup_models',
                'about': 'folder of the artefacts, inside the folder of `dbt_project.yml`; a symbolic link in it may lead elsewhere',
            },
            'scoring': {
                'is': 'choice', 'of': ['python', 'sql'], 'default': 'python',
                'about': 'what scores the pairs: `python`, or `sql`, the macro that `dbt-dedup compile` wrote ([score in '
                    ~ 'SQL](models.md#score-in-sql))',
            },
            'publish': {
                'is': 'folder',
                'about': 'folder that `dbt build` publishes the tables to when their tests have passed, inside the folder of '
                    ~ '`dbt_project.yml` ([serve](serve.md#files-for-readers))',
            },
            'thresholds': {
                'is': 'mapping', 'each': 'thresholds', 'default': {}, 'otherwise': 'see below',
                'about': 'probabilities at which the decision changes',
            },
            'max_cluster_size': {
                'is': 'whole number', 'from': 2, 'default': 1000,
                'about': 'largest number of distinct records that matches may connect; a larger component is parted at its weakest bridges, '
                    ~ 'and `<entity>_cluster_issues` lists it; a whole number from 2',
            },
            'duplicate_free': {
                'is': 'sources', 'default': [],
                'about': 'sources of which an entity has at most one record, such as a register of companies; needs `source`. Labels `match` '
                    ~ 'overrule it',
            },
            'never': {
                'is': 'list', 'each': 'never', 'default': [],
                'about': 'rules that rule a match out whatever the model says, see [below](#rules-that-rule-a-match-out)',
            },
            'lone_evidence': {
                'is': 'boolean', 'default': false,
                'about': '`true` lets a record join others that has values of one kind only: a name, an e-mail address, a phone number or '
                    ~ 'a place. `false` adds a rule to `never` against it, see [below](#rules-that-rule-a-match-out)',
            },
            'labels_decide': {
                'is': 'boolean', 'default': true,
                'about': 'whether a pair labelled `match` or `no_match` is decided by its label; `false` only trains and measures with labels',
            },
            'incremental': {
                'is': 'boolean', 'default': false,
                'about': 'whether a build reads only what changed since the last one, and keeps how often values occur until '
                    ~ '`--full-refresh` ([incremental builds](incremental.md))',
            },
            'targets': {
                'is': 'mapping', 'each': 'targets', 'default': {}, 'otherwise': 'see below',
                'about': 'the quality that the owner wants',
            },
        },
        'thresholds': {
            'match': {
                'is': 'share', 'auto': true, 'default': 'auto',
                'about': 'pairs with this probability or more match. `auto` takes the threshold that training chose to reach the targets '
                    ~ '([how](score.md#thresholds))',
            },
            'review': {
                'is': 'share', 'auto': true, 'default': 'auto',
                'about': 'pairs from this probability up to `match` wait for a person. `auto` takes what training chose to fill the review '
                    ~ 'budget. It is never above `match`',
            },
            'floor': {
                'is': 'share', 'default': 0.01,
                'about': 'pairs below it are not kept',
            },
        },
        'targets': {
            'precision': {
                'is': 'share', 'default': 0.95,
                'about': 'lowest acceptable precision, measured on labels and truth; a test fails below it',
            },
            'recall': {
                'is': 'share', 'default': 0.8,
                'about': 'lowest acceptable recall, measured on labels and truth; a test fails below it',
            },
            'golden_values': {
                'is': 'share', 'default': 0.9,
                'about': 'lowest acceptable share of right golden values of a field, measured on `truth_values`; a test fails below it',
            },
            'review_budget': {
                'is': 'whole number', 'from': 0, 'default': 1000,
                'about': 'largest number of pairs that may wait for a person; a test fails above it',
            },
            'large_entity': {
                'is': 'whole number', 'from': 1, 'default': 10,
                'about': 'an entity with more records than this is large; smaller ones always pass',
            },
            'max_entity_share': {
                'is': 'share', 'auto': true, 'default': 'auto',
                'about': 'largest share of the records that one entity may hold; a test fails above it',
            },
            'warn_entity_share': {
                'is': 'share', 'auto': true, 'default': 'auto',
                'about': 'a test warns above it',
            },
            'max_large_entity_share': {
                'is': 'share', 'default': 0.9,
                'about': 'largest share of the entities that may be large, and of the records in them; a test fails above it',
            },
            'warn_large_entity_share': {
                'is': 'share', 'default': 0.5,
                'about': 'a test warns above it',
            },
            'min_transitivity': {
                'is': 'share', 'default': 0.2,
                'about': 'lowest share of the pairs inside entities that match themselves; a test fails below it',
            },
            'warn_transitivity': {
                'is': 'share', 'default': 0.5,
                'about': 'a test warns below it',
            },
        },
        'field': {
            'type': {
                'is': 'type', 'required': true,
                'about': 'one of the [field types](#field-types), or a type of your project',
            },
            'column': {
                'is': 'columns', 'otherwise': 'name of the field',
                'about': 'the column of the input, or a list of columns, whose filled values are joined by a space: `column: [first, middle, '
                    ~ 'last]`',
            },
            'compare': {
                'is': 'boolean', 'default': true,
                'about': '`false` keeps the field out of the features. It is still standardized, can be used for blocking and gets a golden '
                    ~ 'value',
            },
            'country': {
                'is': 'country',
                'about': 'country of values that do not name one: an ISO 3166 code of two letters, or `{column: name}` where each record has '
                    ~ 'its own. Such a column holds codes of two or three letters or names of countries, by the reference list '
                    ~ '`dedup_countries`; the country of other texts is unknown. Read by `phone` and `postcode`',
            },
            'date_order': {
                'is': 'choice', 'of': ['mdy', 'dmy'], 'otherwise': '`mdy`, with full stops `dmy`',
                'about': '`mdy` or `dmy`: how `03/04/1980` is read. Left out, the month is first, but the day where full stops stand '
                    ~ 'between (`03.04.1980`); read by `date`',
            },
            'excel_days': {
                'is': 'boolean', 'default': false,
                'about': '`true` reads whole numbers as days since 1899, as spreadsheets count them; read by `date`',
            },
            'decimal': {
                'is': 'choice', 'of': ['.', ','],
                'about': '`,` or `.`: which sign separates decimals where `1.234` or `1,234` may mean two things; read by `number`',
            },
            'min': {
                'is': 'bound',
                'about': 'smallest possible value; read by `date` (`1900-01-02`) and `number`; not above `max`',
            },
            'max': {
                'is': 'bound',
                'about': 'largest possible value; read by `date` and `number`',
            },
            'survivorship': {
                'is': 'choice', 'of': dbt_dedup._survivorship_rules(), 'otherwise': 'by type',
                'about': 'how the golden value is chosen: `consensus`, `current`, `most_frequent`, `most_recent`, `longest` or '
                    ~ '`source_priority`; see [serve](serve.md#the-golden-record)',
            },
            'group': {
                'is': 'name',
                'about': 'a name of lower-case letters, digits and underscores: golden values of one group belong together; the last of them '
                    ~ 'with a `survivorship` in the spec decides for all. `address`, `city`, `postcode` and `geo` are one group by default',
            },
            'min_complete': {
                'is': 'share',
                'about': 'lowest acceptable share of records with a usable value, from 0 to 1; the test `fields_are_good_enough` on '
                    ~ '`<entity>_profile` fails below it',
            },
            'max_problems': {
                'is': 'share',
                'about': 'highest acceptable share of incorrect values among the filled ones, from 0 to 1; tested in the same way',
            },
        },
        'never': {
            'name': {
                'is': 'name', 'required': true,
                'about': 'name of the rule: lower-case letters, digits and underscores; `decided_by` of `<entity>_matches` shows it',
            },
            'sql': {
                'is': 'sql', 'required': true,
                'about': 'SQL over the two records `l` and `r`, whose columns are those of `int_<entity>__keyed_records`: true where the two '
                    ~ 'are never one entity. False and null rule nothing out. No Jinja',
            },
        },
        'feature': {
            'name': {
                'is': 'name', 'required': true,
                'about': 'name of the column, different from every other feature',
            },
            'sql': {
                'is': 'sql', 'required': true,
                'about': 'SQL over the two records `l` and `r`, whose columns are those of `int_<entity>__keyed_records`; a finite number, or '
                    ~ 'null if nothing can be said. No Jinja',
            },
            'field': {
                'is': 'name', 'otherwise': 'the name',
                'about': 'the field whose weight and reasons it counts towards',
            },
            'direction': {
                'is': 'direction', 'default': 0,
                'about': '1: larger is more alike; -1: larger is less alike; 0: unknown',
            },
            'description': {
                'is': 'text', 'default': 'declared in the entity spec', 'otherwise': 'a short text',
                'about': 'what the number says',
            },
            'drift': {
                'is': 'number', 'from': 0, 'default': 0,
                'about': 'how far the value may move as other records come and go before `features_drift` warns; 0 for a feature that depends '
                    ~ 'on the two records only',
            },
        },
    }) -}}
{% endmacro %}
