{# The path of a file that lies in the folder of the project, wherever dbt is started; an absolute path stays as it is. #}
{% macro project_file(path) -%}
    {#- dbt reads a relative path below the working directory, which need not be the folder of the project -#}
    {%- set folder = invocation_args_dict.get('project_dir') if invocation_args_dict is defined else none -%}
    {%- if not folder or path.startswith('/') or path[1:2] == ':' -%}{{- return(path) -}}{%- endif -%}
    {{- return((folder | string).replace('\\', '/') ~ '/' ~ path) -}}
{%- endmacro %}
