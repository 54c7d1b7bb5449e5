{#
    Writes a digest of the spec into the meta of the model or test that is being parsed, as `dedup_<entity>`: so a changed
    spec is a changed model to `dbt build --select state:modified+`, which compares text and configuration only.
#}
{% macro _mark_with_spec(name, spec) %}
    {%- if not execute and model is defined and config is defined -%}
        {%- do config(meta={'dedup_' ~ name: local_md5(spec | string)}) -%}
    {%- endif -%}
{% endmacro %}
