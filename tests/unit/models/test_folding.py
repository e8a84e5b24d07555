import pytest
import torch

from genre_core.models import registry
from genre_core.models.folding import absorb_statistics


@pytest.mark.parametrize("name", ["crnn", "crnn_choi"])
def test_absorbed_statistics_change_no_score(name: str) -> None:
    torch.manual_seed(0)
    model = registry.build(name, 3).eval()
    for key, tensor in model.state_dict().items():
        if key.endswith(("running_mean", "norm.weight", "norm.bias")):
            tensor.add_(0.3 * torch.randn_like(tensor))
        elif key.endswith("running_var"):
            tensor.mul_(1.0 + 3.0 * torch.rand_like(tensor))
    log_mel = -40.0 + 15.0 * torch.randn(2, 96, 1366)
    with torch.inference_mode():
        before = model(log_mel)
        absorb_statistics(model)
        after = model(log_mel)
    assert before.std() > 1e-3
    torch.testing.assert_close(after, before, atol=1e-4, rtol=1e-4)
    state = model.state_dict()
    means = [tensor for key, tensor in state.items() if key.endswith("running_mean")]
    assert means
    assert all((tensor == 0).all() for tensor in means)


def test_absorbing_twice_changes_nothing() -> None:
    model = registry.build("crnn", 3, channels=(4, 4), pools=((4, 4), (4, 4)), hidden=4)
    absorb_statistics(model)
    once = {key: tensor.clone() for key, tensor in model.state_dict().items()}
    absorb_statistics(model)
    for key, tensor in model.state_dict().items():
        torch.testing.assert_close(tensor, once[key], msg=key)
