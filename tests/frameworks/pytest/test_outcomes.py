import pytest


@pytest.fixture(scope="module")
def shared():
    return []


@pytest.fixture
def broken_setup():
    raise RuntimeError("setup is broken")


@pytest.fixture
def broken_teardown():
    yield
    raise RuntimeError("teardown is broken")


def test_pass(shared):
    shared.append(1)


def test_skip():
    pytest.skip("not here")


@pytest.mark.xfail(reason="known")
def test_xfail():
    assert False


def test_fail():
    assert 1 == 2


def test_setup_error(broken_setup):
    pass


def test_teardown_error(broken_teardown):
    pass


def test_fail_twice(broken_teardown):
    assert 1 == 2


class TestClass:
    class TestInner:
        def test_inside(self):
            pass

    def test_method(self):
        pass
