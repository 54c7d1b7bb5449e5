{# Every key an entity spec may have, with its default. docs/spec.md gives their meaning. #}
{% macro _entity_defaults() %}
    {{- return({
        'input': none,
        'record_id': none,
        'source': none,
        'source_mode': 'both',
        'source_priority': [],
        'updated_at': none,
        'fields': {},
        'blocking': [],
        'max_block_size': 1000,
        'max_pairs': 100000000,
        'random_pairs': 200000,
        'features': [],
        'labels': none,
        'truth': none,
        'models_dir': 'dedup_models',
        'scoring': 'python',
        'thresholds': {'match': 0.9, 'review': 0.5, 'floor': 0.01},
        'targets': {'precision': 0.95, 'recall': 0.8, 'review_budget': 1000},
    }) -}}
{% endmacro %}
