"""Addresses of the entrance. The names are those allauth looks for; what it offers beside (sign-up,
more addresses of mail) has none."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.utils.module_loading import import_string
from django.views.generic import RedirectView


@cache
def _view(name: str) -> Any:
    found: Any = import_string(f"promises.desk.entrance.{name}")
    return found.as_view() if hasattr(found, "as_view") else found


def page(name: str, file: str = "views") -> Any:
    """Return a view that is imported when it is first asked for.

    Passkeys bring in cryptography, which would make every command start half a second later.
    """

    def view(request: HttpRequest, **given: Any) -> HttpResponse:
        answer: HttpResponse = _view(f"{file}.{name}")(request, **given)
        return answer

    return view


to_own_login = RedirectView.as_view(pattern_name="mfa_index")
urlpatterns = [
    path("", page("OwnLogin"), name="mfa_index"),
    path("login/", page("Login"), name="account_login"),
    path("logout/", page("log_out"), name="account_logout"),
    path("confirm/", page("confirm_by_password"), name="account_reauthenticate"),
    path("password/", page("change_password"), name="account_change_password"),
    path(
        "password/none/",
        RedirectView.as_view(pattern_name="account_reset_password"),
        name="account_set_password",
    ),
    path("password/forgotten/", page("forgotten_password"), name="account_reset_password"),
    path("password/forgotten/sent/", page("link_sent"), name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        page("NewPassword"),
        name="account_reset_password_from_key",
    ),
    path(
        "password/done/",
        page("password_done"),
        name="account_reset_password_from_key_done",
    ),
    path("second-factor/", page("SecondStep"), name="mfa_authenticate"),
    path("second-factor/needed/", page("factor_needed"), name="factor_needed"),
    path("second-factor/confirm/", page("confirm_by_code"), name="mfa_reauthenticate"),
    path(
        "second-factor/confirm/passkey/",
        page("confirm_by_passkey"),
        name="mfa_reauthenticate_webauthn",
    ),
    path("second-factor/app/", page("AddApp"), name="mfa_activate_totp"),
    path("second-factor/app/remove/", page("remove_app"), name="mfa_deactivate_totp"),
    path("second-factor/codes/", page("RecoveryCodes"), name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", page("new_codes"), name="mfa_generate_recovery_codes"),
    path("passkeys/", to_own_login, name="mfa_list_webauthn"),
    path("passkeys/add/", page("AddPasskey"), name="mfa_add_webauthn"),
    path("passkeys/login/", page("login_by_passkey"), name="mfa_login_webauthn"),
    path("passkeys/<int:pk>/remove/", page("RemovePasskey"), name="mfa_remove_webauthn"),
    path("passkeys/<int:pk>/name/", page("RenamePasskey"), name="mfa_edit_webauthn"),
    path("sessions/", page("sessions"), name="sessions"),
    path("sessions/others/end/", page("end_other_sessions"), name="end_other_sessions"),
    path("sessions/<int:number>/end/", page("end_session"), name="end_session"),
    path("log/", page("own_log"), name="own_log"),
    path("keys/", page("own_keys", "keys"), name="own_keys"),
    path("keys/new/", page("new_key", "keys"), name="new_key"),
    path("webhooks/", page("own_webhooks", "webhooks"), name="own_webhooks"),
    path("keys/<slug:prefix>/revoke/", page("end_key", "keys"), name="end_key"),
]
