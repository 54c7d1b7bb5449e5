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
        'random_pairs': 500000,
        'features': [],
        'labels': none,
        'truth': none,
        'models_dir': 'dedup_models',
        'scoring': 'python',
        'thresholds': {'match': 'auto', 'review': 'auto', 'floor': 0.01},
        'max_cluster_size': 1000,
        'duplicate_free': [],
        'never': [],
        'labels_decide': true,
        'targets': {'precision': 0.95, 'recall': 0.8, 'review_budget': 1000},
    }) -}}
{% endmacro %}
