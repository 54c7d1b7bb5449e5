{#
    int_<entity>__production, one row: the version of the model in production, which `dbt-dedup promote` writes into the text
    of the model. Nothing is scored with it: it makes a promotion a changed model, for `--select state:modified+`.
#}
{% macro production(entity_name, version) %}
select '{{ version }}' as model_version
{% endmacro %}
