use ::http::Request;

use crate::{
    gateway::{
        handle, response_after_panic,
        stub_ports::{StubPorts, settings, settings_with},
    },
    settings::{InvalidSetting, Setting, Settings},
};

async fn health(settings: &Result<Settings, InvalidSetting>, ports: &StubPorts) -> (u16, serde_json::Value) {
    let request = Request::get("https://gateway.example/health").body(String::new()).unwrap();
    let response = handle(request, settings, ports).await;
    (response.status().as_u16(), serde_json::from_str(response.body()).unwrap())
}

#[tokio::test]
async fn the_worker_is_healthy_only_if_everything_is_reachable() {
    for (kv, d1, queue) in [(true, true, true), (false, true, true), (true, false, true), (true, true, false)]
    {
        let ports = StubPorts { reachable: [kv, d1, queue], ..StubPorts::default() };
        let all = kv && d1 && queue;
        let expected = serde_json::json!({
            "healthy": all,
            "misconfigured": null,
            "kv": {"reachable": kv, "ms": 7},
            "d1": {"reachable": d1, "ms": 7},
            "queue": {"reachable": queue, "ms": 7},
            "last_event_delivered_at": "1970-01-01T00:00:01.000Z",
        });
        assert_eq!(health(&settings(), &ports).await, (if all { 200 } else { 503 }, expected));
    }
}

#[tokio::test]
async fn an_invalid_setting_is_named() {
    let ports = StubPorts { reachable: [true; 3], ..StubPorts::default() };
    let (status, report) = health(&settings_with(Setting::PasswordMinLength, "7"), &ports).await;
    assert_eq!((status, &report["healthy"]), (503, &false.into()));
    assert!(report["misconfigured"].as_str().unwrap().contains("PASSWORD_MIN_LENGTH"));
}

#[tokio::test]
async fn the_rate_limit_applies_and_the_response_is_about_requests() {
    let ports = StubPorts { health_limited: true, ..StubPorts::default() };
    let (status, response) = health(&settings(), &ports).await;
    assert_eq!((status, &response["errorcode"]), (429, &101.into()));
    assert!(!response["detail"].as_str().unwrap().contains("link"));
}

#[tokio::test]
async fn a_visitor_who_may_make_no_more_calls_may_check_the_health() {
    let ports = StubPorts { limited: true, reachable: [true; 3], ..StubPorts::default() };
    assert_eq!(health(&settings(), &ports).await.0, 200);
}

#[test]
fn after_a_panic_the_worker_is_unhealthy() {
    let response = response_after_panic(&Request::get("https://gateway.example/health").body(()).unwrap());
    assert_eq!(response.status(), 503);
    assert_eq!(response.body(), r#"{"healthy":false,"misconfigured":null}"#);
}
