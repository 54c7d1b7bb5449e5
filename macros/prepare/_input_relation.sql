{# The relation a spec names as `input`: a model, seed or snapshot by name, or [source, table]. #}
{% macro _input_relation(spec) %}
    {{- return(ref(spec.input) if spec.input is string else source(spec.input[0], spec.input[1])) -}}
{% endmacro %}
