def test_resource(resource):
    assert resource == 42


def test_cache(cache):
    cache.set("tpsched/x", 1)
