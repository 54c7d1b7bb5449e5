{# The field types that the package brings. A project adds one by defining prepare_<type> and compare_<type>. #}
{% macro field_types() %}
    {{- return([
        'given_name', 'family_name', 'full_name', 'date', 'email', 'phone', 'address', 'city', 'postcode', 'company',
        'identifier', 'category', 'number', 'text',
    ]) -}}
{% endmacro %}
