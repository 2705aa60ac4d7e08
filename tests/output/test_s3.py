"""What a tree in a bucket promises beyond the contract of all trees, on a real S3-compatible server."""

import hashlib
from itertools import count

import boto3
import pytest

from syndicator.errors import OutputError
from syndicator.output.s3 import Access, S3Tree
from tests.output.s3_server import running_store
from tests.output.test_trees import TreeContract

prefixes = (f"tree-{number}/feeds" for number in count())


@pytest.fixture(scope="module")
def store():
    with running_store() as running:
        yield running


@pytest.fixture
def tree(store):
    """An empty tree; the store's notes begin with it."""
    store.fail()
    store.asked()
    return S3Tree(store.bucket, next(prefixes), store.access, retries=2)


def again(tree):
    """Return the same tree as the next cycle sees it."""
    return S3Tree(tree.bucket, tree.prefix, tree.access, retries=2)


class TestS3Tree(TreeContract):
    @pytest.fixture
    def tree(self, store):
        return S3Tree(store.bucket, next(prefixes), store.access)


class TestS3TreeNextCycle(TreeContract):
    """The same, where each call comes in a cycle of its own."""

    @pytest.fixture
    def tree(self, store):
        class EachTime:
            prefix = next(prefixes)

            def __getattr__(self, name):
                return getattr(S3Tree(store.bucket, self.prefix, store.access), name)

        return EachTime()


@pytest.mark.parametrize(
    ("path", "media_type", "kept"),
    [
        ("en/all.rss", "application/xml; charset=utf-8", "public, max-age=300, stale-while-revalidate=3600"),
        ("en/all.json", "application/json", "public, max-age=300, stale-while-revalidate=3600"),
        ("index.html", "text/html; charset=utf-8", "public, max-age=300, stale-while-revalidate=3600"),
        ("assets/a.0123456789ab.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"),
        (
            "private/s3cr3t-token-of-a-partner/en/all.rss",
            "application/xml; charset=utf-8",
            "private, max-age=300",
        ),
    ],
)
def test_an_object_has_its_type_and_tells_caches_how_long_it_keeps(store, tree, path, media_type, kept):
    tree.write(path, b"<x/>" * 200)
    answer = store.get(f"{tree.prefix}/{path}")
    assert answer.content == b"<x/>" * 200
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == kept
    assert "content-encoding" not in answer.headers


def test_no_compressed_forms_are_published(tree):
    tree.write("en/all.rss", b"x" * 5000)
    assert tree.paths() == ["en/all.rss"]


def test_an_unchanged_object_costs_one_listing_and_keeps_its_date(store, tree):
    tree.write("en/all.rss", b"one")
    tree.write("en/all.atom", b"two")
    before = store.get(f"{tree.prefix}/en/all.rss").headers["last-modified"]
    store.asked()
    tree = again(tree)
    assert tree.write("en/all.rss", b"one") is False
    assert tree.write("en/all.atom", b"two") is False
    assert tree.exists("en/all.rss")
    assert [one.partition(" ")[0] for one in store.asked()] == ["GET"]
    assert store.get(f"{tree.prefix}/en/all.rss").headers["last-modified"] == before


def test_an_object_whose_etag_is_no_md5_is_read_before_it_is_written(store, tree):
    client = boto3.client(
        "s3",
        endpoint_url=store.url,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
    )
    place = {"Bucket": store.bucket, "Key": f"{tree.prefix}/en/all.rss"}
    upload = client.create_multipart_upload(**place)["UploadId"]
    part = client.upload_part(**place, UploadId=upload, PartNumber=1, Body=b"one")
    done = {"Parts": [{"ETag": part["ETag"], "PartNumber": 1}]}
    told = client.complete_multipart_upload(**place, UploadId=upload, MultipartUpload=done)
    assert hashlib.md5(b"one").hexdigest() not in told["ETag"]
    assert tree.write("en/all.rss", b"one") is False
    assert tree.write("en/all.rss", b"two") is True


def test_what_lies_beside_the_prefix_is_neither_told_nor_touched(store, tree):
    beside = S3Tree(tree.bucket, tree.prefix + "-old", store.access)
    beside.write("en/all.rss", b"x")
    assert tree.paths() == []
    assert tree.remove("en/all.rss") is False
    assert beside.read("en/all.rss") == b"x"


def test_folders_and_what_is_below_one_are_told(tree):
    for path in ("private/b/en/all.rss", "private/a/it/all.rss", "private/note", "en/all.rss", "en/.hidden"):
        tree.write(path, b"x")
    assert tree.folders("private") == ["a", "b"]
    assert tree.folders("none") == []
    assert tree.paths("private/a") == ["private/a/it/all.rss"]
    assert tree.paths("en") == ["en/all.rss"]


def test_a_whole_bucket_can_be_the_tree(store):
    tree = S3Tree(store.bucket, "", store.access)
    tree.write("whole.html", b"x")
    assert "whole.html" in again(tree).paths()
    assert str(tree) == "s3://feeds"


def test_a_store_that_is_busy_is_asked_again(store, tree):
    tree.paths()
    store.fail(503, 503)
    assert tree.write("en/all.rss", b"one") is True
    assert store.get(f"{tree.prefix}/en/all.rss").content == b"one"


def test_a_write_that_failed_is_told_and_done_in_the_next_cycle(store, tree):
    tree.write("en/all.rss", b"one")
    store.fail(503, 503, 503)
    with pytest.raises(
        OutputError, match=r"s3://feeds/tree.*/en/all\.rss: .*SlowDown.*next cycle tries again"
    ):
        tree.write("en/all.rss", b"two")
    assert tree.read("en/all.rss") == b"one"
    assert tree.write("en/all.rss", b"two") is True
    assert again(tree).read("en/all.rss") == b"two"


@pytest.mark.parametrize("listed", [False, True])
def test_a_refused_key_is_told_with_the_way_out(store, tree, listed):
    if listed:
        tree.paths()
    store.fail(403)
    with pytest.raises(OutputError, match=r"refused the key \(AccessDenied: Not now\.\).*AWS_ACCESS_KEY_ID"):
        tree.write("en/all.rss", b"one")


def test_a_bucket_that_is_not_there_is_told(store):
    with pytest.raises(OutputError, match="there is no bucket nobodys: create it"):
        S3Tree("nobodys", "x", store.access, retries=0).write("en/all.rss", b"x")


def test_a_store_that_is_not_there_is_told():
    with pytest.raises(OutputError, match=r"s3://feeds/x: the store did not do it"):
        S3Tree("feeds", "x", Access("http://127.0.0.1:9", "r", "k", "s"), retries=0).paths()


def test_a_token_does_not_enter_a_message(store, tree):
    store.fail(503, 503, 503)
    with pytest.raises(OutputError) as caught:
        tree.read("private/s3cr3t-token-of-a-partner/en/all.rss")
    assert "s3cr3t-token-of-a-partner" not in str(caught.value)


def test_a_trial_leaves_nothing_behind(store, tree):
    tree.write("en/all.rss", b"x")
    assert tree.try_out() == 1
    assert again(tree).paths() == ["en/all.rss"]
    assert store.get(f"{tree.prefix}/.syndicator-trial").status_code == 404


def test_keys_may_come_from_the_environment(store, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_ENDPOINT_URL", store.url)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    tree = S3Tree(store.bucket, next(prefixes))
    tree.write("en/all.rss", b"x")
    assert tree.read("en/all.rss") == b"x"
