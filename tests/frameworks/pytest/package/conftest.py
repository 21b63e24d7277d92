import pytest


@pytest.fixture(scope="package")
def resource():
    return 42
