{# Every option a field may have, with its default. docs/spec.md gives their meaning. #}
{% macro _field_defaults() %}
    {{- return({
        'type': none,
        'column': none,
        'compare': true,
        'country': none,
        'date_order': 'mdy',
        'excel_days': false,
        'decimal': none,
        'min': none,
        'max': none,
        'survivorship': none,
        'group': none,
        'min_complete': none,
        'max_problems': none,
    }) -}}
{% endmacro %}
