"""Who am I."""


def test_a_token_tells_who_stands_behind_it_and_what_it_may(operator, world):
    answer = operator.get("/me")
    assert answer.status_code == 200
    assert answer.json["kind"] == "token"
    assert answer.json["id"] == str(operator.person.id)
    read = next(one for one in answer.json["permissions"] if one["name"] == "item.read")
    assert read == {
        "name": "item.read",
        "is_everywhere": False,
        "partner_ids": [str(world.own.id)],
    }


def test_a_permission_for_all_partners_names_none(enter):
    answer = enter("auditor").get("/me")
    assert all(one["is_everywhere"] for one in answer.json["permissions"])
    assert all(one["partner_ids"] == [] for one in answer.json["permissions"])


def test_without_a_token_one_is_told_how_to_come_in(client):
    answer = client.get("/api/v1/me")
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
